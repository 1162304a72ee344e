import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { TargetKind } from '../../incident/target.ts';
import { loadRunbooks } from '../../runbooks/load.ts';
import { matchRunbook } from '../../runbooks/match.ts';
import { alertOf } from '../../watch/alert.ts';
import { CONDITION_NAMES, type ConditionName } from '../../watch/symptom.ts';

const { runbooks } = loadRunbooks(join(import.meta.dirname, '..', '..', 'runbooks'));

/** What each condition may be of, and the failure that it then is. Nodes are healed by way of what runs on them. */
const HEALED_AS: Readonly<Record<ConditionName, Readonly<Partial<Record<TargetKind, string>>>>> = {
  KubePodCrashLooping: { Deployment: 'podCrash', StatefulSet: 'podCrash', DaemonSet: 'podCrash', InferenceService: 'modelServingFailure' },
  KubeContainerOOMKilled: { Deployment: 'outOfMemory', StatefulSet: 'outOfMemory', InferenceService: 'modelServingFailure' },
  KubeContainerWaiting: { Deployment: 'podCrash', InferenceService: 'modelServingFailure', Job: 'pipelineFailure' },
  KubePodNotReady: { Deployment: 'podCrash', DaemonSet: 'podCrash', InferenceService: 'modelServingFailure' },
  KubePodUnschedulable: { Deployment: 'capacityShortage', Job: 'capacityShortage', InferenceService: 'capacityShortage' },
  KubePersistentVolumeClaimPending: { StatefulSet: 'capacityShortage' },
  KubeDeploymentRolloutStuck: { Deployment: 'podCrash', InferenceService: 'modelServingFailure' },
  KubeDeploymentReplicasMismatch: { Deployment: 'podCrash', InferenceService: 'modelServingFailure' },
  KubeStatefulSetReplicasMismatch: { StatefulSet: 'podCrash' },
  KubeStatefulSetUpdateNotRolledOut: { StatefulSet: 'podCrash' },
  KubeDaemonSetRolloutStuck: { DaemonSet: 'podCrash' },
  KubeJobFailed: { Job: 'pipelineFailure', CronJob: 'pipelineFailure' },
  KubeHpaMaxedOut: { Deployment: 'capacityShortage' },
  KubeNodeNotReady: {},
  KubeNodePressure: {},
  KServeInferenceServiceNotReady: { InferenceService: 'modelServingFailure' },
  ArgoWorkflowFailed: { Workflow: 'pipelineFailure', CronWorkflow: 'pipelineFailure' },
  TrainJobFailed: { TrainJob: 'pipelineFailure' },
  PyTorchJobFailed: { PyTorchJob: 'pipelineFailure' },
};

describe('the shipped runbooks', () => {
  it.each(CONDITION_NAMES)('take what the watch tells as %s', (condition) => {
    const symptom = { condition, labels: {}, says: '', sinceMs: null };
    const alert = alertOf({ status: 'firing', fingerprint: 'a', symptom, beganMs: 0 });
    const kinds = HEALED_AS[condition];
    const taken = Object.keys(kinds).map((kind) => [kind, matchRunbook(alert, runbooks, kind as TargetKind)?.failureType]);
    expect(Object.fromEntries(taken)).toEqual(kinds);
  });
});
