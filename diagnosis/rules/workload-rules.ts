import type { WorkloadRule } from '../rule.ts';
import { flake } from './flake.ts';
import { outOfMemory } from './memory.ts';
import { badRelease } from './release.ts';
import { rollingOut } from './rolling-out.ts';
import { unschedulable } from './scheduling.ts';
import { badConfig, imageMissing } from './waiting.ts';

/** In the order in which they are asked. */
export const workloadRules: Readonly<Record<string, WorkloadRule>> = {
  outOfMemory,
  badRelease,
  imageMissing,
  badConfig,
  flake,
  unschedulable,
  rollingOut,
};
