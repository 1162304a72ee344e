import type { ModelServerEvidence, ServedModel } from '../../incident/evidence.ts';
import { versionAt } from '../../incident/model.ts';
import { failingPods, lastWords, symptoms } from '../failing-pods.ts';
import type { Rule, WorkloadRule } from '../rule.ts';
import { badNode, nodeAlone, suspectNode } from './bad-node.ts';
import { autoscalerAtMaximum, autoscalerBlind, replicasFixedTooLow, scaledToZero, scalerPaused } from './capacity.ts';
import { configChanged, referenceMissing } from './configuration.ts';
import { flake } from './flake.ts';
import { heldUp } from './held-up.ts';
import { memoryLeak, nodeMemoryPressure, outOfMemory } from './memory.ts';
import { answersWrongly } from './model-version.ts';
import { rollingOut } from './rolling-out.ts';
import { unschedulable } from './scheduling.ts';
import { workloadRules } from './workload-rules.ts';

/** A rule about the workload that a controller made, asked of the model server. */
const ofWorkload =
  (rule: WorkloadRule): Rule<ModelServerEvidence> =>
  ({ workload }, context) =>
    workload === null ? null : rule(workload, context);

/** Without the registry, and without having seen another version serve, nobody can say which one is good. */
const registryUnreadable: Rule<ModelServerEvidence> = (evidence) => {
  const { registry } = evidence.served;
  if (!isFailingToServe(evidence) || registry.kind === 'read' || isKnownBesides(evidence.served)) return null;
  return {
    cause: 'unknown',
    confidence: 'possible',
    reason: `It does not serve, and its model cannot be read from the registry: ${registry.reason}`,
  };
};

/** There is no registry, and Paramedic itself saw other versions serve. */
function isKnownBesides({ registry, record, wanted }: ServedModel): boolean {
  const seen = record.kind === 'read' ? (record.value?.seen ?? []) : [];
  return registry.kind === 'absent' && seen.some(({ address }) => address !== wanted);
}

/** More than the model changed with the newest release, so the model version alone cannot be blamed. */
const runtimeChanged: Rule<ModelServerEvidence> = (evidence) => {
  const [newest, previous] = evidence.workload?.releases ?? [];
  if (!isFailingToServe(evidence) || !newest || !previous) return null;
  if (newest.images.join() === previous.images.join()) return null;
  return {
    cause: 'unknown',
    confidence: 'possible',
    reason: `It does not serve, and its runtime changed with it: ${previous.images.join(', ')} became ${newest.images.join(', ')}.`,
  };
};

/** The same address already serves in other pods: the version loads, something else is wrong. */
const versionServesElsewhere: Rule<ModelServerEvidence> = (evidence) => {
  const { wanted, serving } = evidence.served;
  if (!isFailingToServe(evidence) || wanted === null || !serving.includes(wanted)) return null;
  return {
    cause: 'unknown',
    confidence: 'possible',
    reason: `Some pods fail while others serve the same version (${wanted}): the version is not the cause.`,
  };
};

const badModelVersion: Rule<ModelServerEvidence> = (evidence) => {
  const { served, loading, kind } = evidence;
  const { wanted, registry, model } = served;
  if (!isFailingToServe(evidence) || wanted === null || (registry.kind !== 'read' && !isKnownBesides(served))) return null;
  const current = registry.kind === 'read' ? versionAt(registry.model, wanted, served.addressing) : null;
  const named = current === null ? `an unregistered version of ${model}` : `version ${current.version} of ${model}`;
  // KServe keeps the last failure for good, also long after it was mended.
  const failure = loading?.failure && loading.transition !== 'UpToDate' ? ` The ${kind} says: ${loading.failure}` : '';
  const sick = failingPods(evidence.workload?.pods ?? []);
  return {
    cause: 'bad-model-version',
    confidence: 'likely',
    reason: `Every pod that should serve ${named} fails (${symptoms(sick) || loading?.transition}).${lastWords(sick)}${failure}`,
  };
};

/** Somebody has taken it away for a while, in the way its controller has for that. */
const stopped: Rule<ModelServerEvidence> = ({ kind, stoppedBy }) =>
  stoppedBy === undefined ? null : { cause: 'held-by-person', confidence: 'certain', reason: `The ${kind} is stopped: ${stoppedBy}.` };

/** Its controller does not accept what it is to be, whatever version that names. */
const specRefused: Rule<ModelServerEvidence> = ({ kind, loading }) => {
  if (loading?.transition !== 'InvalidSpec') return null;
  return {
    cause: 'bad-config',
    confidence: 'likely',
    reason: `The ${kind} is refused by its controller: ${loading.failure ?? 'it does not say why'}`,
  };
};

/** What is wanted is well, as far as it is brought: whoever brings it has not brought it further, or it goes on by itself. */
const partlyBrought: Rule<ModelServerEvidence> = ({ workload, traffic }) => {
  if (traffic === null || failingPods(workload?.pods ?? []).length > 0) return null;
  return { cause: 'rolling-out', confidence: 'possible', reason: `It does not serve whole what it is to serve: ${traffic}.` };
};

/** Of a Rollout: what is asked of other workloads, and how far its newest release is brought. In the order in which they are asked. */
export const rolloutRules: Readonly<Record<string, Rule<ModelServerEvidence>>> = Object.fromEntries(
  Object.entries(workloadRules).flatMap(([name, rule]): [string, Rule<ModelServerEvidence>][] => [
    ...(rule === rollingOut ? [['partlyBrought', partlyBrought] as [string, Rule<ModelServerEvidence>]] : []),
    [name, ofWorkload(rule)],
  ]),
);

/** In the order in which they are asked. */
export const modelServerRules: Readonly<Record<string, Rule<ModelServerEvidence>>> = {
  stopped,
  nodeMemoryPressure: ofWorkload(nodeMemoryPressure),
  memoryLeak: ofWorkload(memoryLeak),
  outOfMemory: ofWorkload(outOfMemory),
  // Before the version is blamed for what only the pods on one node show.
  badNode: ofWorkload(badNode),
  nodeAlone: ofWorkload(nodeAlone),
  referenceMissing: ofWorkload(referenceMissing),
  configChanged: ofWorkload(configChanged),
  heldUp: ofWorkload(heldUp),
  unschedulable: ofWorkload(unschedulable),
  flake: ofWorkload(flake),
  specRefused,
  registryUnreadable,
  runtimeChanged,
  versionServesElsewhere,
  badModelVersion,
  answersWrongly: ({ served, workload }, context) => answersWrongly({ served, pods: workload?.pods ?? [] }, context),
  suspectNode: ofWorkload(suspectNode),
  scaledToZero: ofWorkload(scaledToZero),
  scalerPaused: ofWorkload(scalerPaused),
  autoscalerBlind: ofWorkload(autoscalerBlind),
  autoscalerAtMaximum: ofWorkload(autoscalerAtMaximum),
  replicasFixedTooLow: ofWorkload(replicasFixedTooLow),
  partlyBrought,
  rollingOut: ofWorkload(rollingOut),
};

/** Pods of the newest release fail, or KServe itself says that the model does not load. */
function isFailingToServe({ workload, loading }: ModelServerEvidence): boolean {
  const newest = workload?.releases[0]?.hash;
  const podsFail = failingPods(workload?.pods ?? []).some((pod) => pod.release === newest);
  return podsFail || loading?.transition === 'BlockedByFailedLoad' || loading?.wanted === 'FailedToLoad';
}
