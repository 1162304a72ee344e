import type { WorkloadRule } from '../rule.ts';
import { badNode, suspectNode } from './bad-node.ts';
import { autoscalerAtMaximum, autoscalerBlind, replicasFixedTooLow, scaledToZero, scalerPaused } from './capacity.ts';
import { flake } from './flake.ts';
import { outOfMemory } from './memory.ts';
import { badRelease } from './release.ts';
import { rollingOut } from './rolling-out.ts';
import { unschedulable } from './scheduling.ts';
import { badConfig, imageMissing } from './waiting.ts';

/** In the order in which they are asked. */
export const workloadRules: Readonly<Record<string, WorkloadRule>> = {
  outOfMemory,
  // Proved by pods of the same release that are well elsewhere, which no fault of the release or its image would spare.
  badNode,
  badRelease,
  imageMissing,
  badConfig,
  flake,
  unschedulable,
  // A guess, and so after all that names something better; before what would wait for pods that are lost.
  suspectNode,
  scaledToZero,
  scalerPaused,
  autoscalerBlind,
  autoscalerAtMaximum,
  replicasFixedTooLow,
  rollingOut,
};
