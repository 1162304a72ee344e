import type { WorkloadRule } from '../rule.ts';
import { badNode, nodeAlone, suspectNode } from './bad-node.ts';
import { autoscalerAtMaximum, autoscalerBlind, replicasFixedTooLow, scaledToZero, scalerPaused } from './capacity.ts';
import { configChanged, referenceMissing, releaseLacksReference } from './configuration.ts';
import { evicted } from './evicted.ts';
import { flake } from './flake.ts';
import { heldUp, releaseHeldUp } from './held-up.ts';
import { lostWithNode } from './lost-with-node.ts';
import { memoryLeak, memoryLowered, nodeMemoryPressure, outOfMemory } from './memory.ts';
import { answersWrongly, broughtByModel, modelUnaddressed } from './model-version.ts';
import { hanging, neverReady, releaseNeverReady } from './never-ready.ts';
import { outsideFault } from './outside.ts';
import { badRelease } from './release.ts';
import { rollingOut } from './rolling-out.ts';
import { unschedulable } from './scheduling.ts';
import { badConfig, imageMissing } from './waiting.ts';

/** In the order in which they are asked. */
export const workloadRules: Readonly<Record<string, WorkloadRule>> = {
  // Memory, from what lies furthest from the limit to the limit itself.
  nodeMemoryPressure,
  memoryLowered,
  memoryLeak,
  outOfMemory,
  // Proved by pods of the same release that are well elsewhere, which no fault of the release or its image would spare.
  badNode,
  nodeAlone,
  lostWithNode,
  // What is missing is known by name; whether the release brought it decides whether going back helps.
  releaseLacksReference,
  referenceMissing,
  // A change that came after the release comes before the release.
  configChanged,
  // Of a release that was well: what it brought cannot be what is away now.
  outsideFault,
  // A release that brought another model version is to blame for that first: going back to a version known to be good mends it.
  badModelVersion: broughtByModel(badRelease),
  badRelease,
  imageMissing,
  badConfig,
  flake,
  evicted,
  releaseHeldUp,
  heldUp,
  unschedulable,
  // Before it is called a rollout that goes on: one that was seen to fail.
  modelNeverReady: broughtByModel(releaseNeverReady),
  releaseNeverReady,
  answersWrongly,
  hanging,
  neverReady,
  // A guess, and so after all that names something better; before what would wait for pods that are lost.
  suspectNode,
  scaledToZero,
  scalerPaused,
  autoscalerBlind,
  autoscalerAtMaximum,
  replicasFixedTooLow,
  rollingOut,
  modelUnaddressed,
};
