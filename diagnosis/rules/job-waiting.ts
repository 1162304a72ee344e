import type { WorkloadEvidence } from '../../incident/evidence.ts';
import type { PipelineEvidence } from '../../incident/pipeline.ts';
import type { Rule, WorkloadRule } from '../rule.ts';
import { heldUp } from './held-up.ts';
import { unschedulable } from './scheduling.ts';
import { badConfig, imageMissing } from './waiting.ts';

/** A rule about what a workload's pods wait for, asked of those of a run: the run never ends by itself while they do. */
const ofPods =
  (rule: WorkloadRule): Rule<PipelineEvidence> =>
  (evidence, context) =>
    evidence.runs[0]?.state === 'completed' ? null : rule(asWorkload(evidence), context);

/** A workload without releases, of which only the pods are known. */
function asWorkload({ uid, generation, memory, pods }: PipelineEvidence): WorkloadEvidence {
  return {
    kind: 'Deployment',
    uid,
    generation,
    observed: true,
    replicasWanted: pods.length,
    replicasReady: 0,
    replicasUpdated: pods.length,
    paused: false,
    rollout: { byHand: false, waitsForFailing: false, kept: 0 },
    releases: [],
    memory,
    memoryBefore: {},
    pods,
    overdue: [],
    differences: [],
    references: [],
    releaseAgeSeconds: null,
    createFailure: null,
    provedReady: false,
    progressStopped: null,
    served: null,
  };
}

export const jobImageMissing = ofPods(imageMissing);
export const jobBadConfig = ofPods(badConfig);
export const jobHeldUp = ofPods(heldUp);
export const jobUnschedulable = ofPods(unschedulable);
