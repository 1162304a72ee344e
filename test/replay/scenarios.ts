import type { FailureType } from '../../incident/failure-type.ts';
import type { Runbook } from '../../runbooks/schema.ts';
import type { DecisionCall } from '../../workflows/messages.ts';
import { BAD_URI, evidence, failingModelServer, modelServer, OOM_KILLED, sickPod } from '../evidence.ts';
import { around as aroundPaths, NOBODY_IN, policy } from '../paths.ts';
import { cronPipelineEvidence, failedJob, failedPod, failedRun, pipelineEvidence } from '../pipeline-evidence.ts';
import { atMost, fourReady } from '../scaling.ts';
import { scriptedCluster } from '../scripted-cluster.ts';

/** An incident whose history is recorded, one for each way through the arc. */
export interface Scenario {
  readonly failureType: FailureType;
  readonly runbook: Partial<Runbook>;
  readonly cluster: () => ReturnType<typeof scriptedCluster>;
  /** What a person answers, where one is asked. */
  readonly decision?: DecisionCall['decision'];
}

const healthy = evidence({});
const badRelease = evidence({ pods: [sickPod({})], replicasReady: 0 });
const tooLittle = evidence({ pods: [sickPod({ exit: OOM_KILLED })], replicasReady: 0 });

const faulty = (suspendedBy: 'paramedic' | null) =>
  cronPipelineEvidence({ runs: [failedRun()], pods: [failedPod('KeyError: 3')] }, { suspendedBy });

export const scenarios: Readonly<Record<string, Scenario>> = {
  'pod-crash-self-resolved': { failureType: 'podCrash', runbook: {}, cluster: () => scriptedCluster([healthy]) },
  'pod-crash-recovered': { failureType: 'podCrash', runbook: {}, cluster: () => scriptedCluster([badRelease, healthy]) },
  'pod-crash-observed': { failureType: 'podCrash', runbook: { mode: 'observe' }, cluster: () => scriptedCluster([badRelease]) },
  'pod-crash-approved': {
    failureType: 'podCrash',
    runbook: { mode: 'approve' },
    cluster: () => scriptedCluster([badRelease, healthy]),
    decision: 'approve',
  },
  'pod-crash-rejected': {
    failureType: 'podCrash',
    runbook: { mode: 'approve' },
    cluster: () => scriptedCluster([badRelease]),
    decision: 'reject',
  },
  'pod-crash-not-undone': { failureType: 'podCrash', runbook: {}, cluster: () => scriptedCluster([badRelease], { undoIsTooLate: true }) },
  // Nobody is there by the names of its chain, so that it is tried again until the alert is over.
  'pod-crash-untold-by-chain': {
    failureType: 'podCrash',
    runbook: {
      mode: 'observe',
      escalation: {
        severity: 'error',
        levels: [
          { afterSeconds: 0, channels: ['gone'] },
          { afterSeconds: 900, channels: ['gone-too'], severity: 'critical' },
        ],
        remindEverySeconds: 1_800,
        remindersMax: 6,
        quietHours: null,
      },
    },
    cluster: () => scriptedCluster([badRelease]),
  },
  'out-of-memory-recovered-at-second-attempt': {
    failureType: 'outOfMemory',
    runbook: { attempts: { max: 3, backoffFirstSeconds: 1, backoffFactor: 1, backoffMaxSeconds: 1 } },
    cluster: () => scriptedCluster([tooLittle, tooLittle, healthy]),
  },
  'out-of-memory-escalated-at-the-cap': {
    failureType: 'outOfMemory',
    runbook: { attempts: { max: 1, backoffFirstSeconds: 0, backoffFactor: 1, backoffMaxSeconds: 0 } },
    cluster: () => scriptedCluster([tooLittle]),
  },
  'model-serving-failure-recovered': {
    failureType: 'modelServingFailure',
    runbook: {},
    cluster: () => scriptedCluster([failingModelServer(), modelServer({})]),
  },
  'pipeline-failure-recovered': {
    failureType: 'pipelineFailure',
    runbook: { remedies: ['retryRun'] },
    cluster: () => scriptedCluster([failedJob('connection reset by peer'), pipelineEvidence()]),
  },
  'pipeline-failure-contained': {
    failureType: 'pipelineFailure',
    runbook: { remedies: ['pauseSchedule'] },
    cluster: () => scriptedCluster([faulty(null), faulty('paramedic')]),
  },
  'network-timeout-recovered': {
    failureType: 'networkTimeout',
    runbook: {},
    cluster: () => scriptedCluster([healthy], { contexts: [aroundPaths({ policies: [policy('deny', NOBODY_IN)] }), aroundPaths()] }),
  },
  'capacity-shortage-recovered': {
    failureType: 'capacityShortage',
    runbook: { remedies: ['scale'] },
    cluster: () => scriptedCluster([fourReady()], { contexts: [atMost(4, false), atMost(6, true)] }),
  },
  'data-quality-handed-over': { failureType: 'dataQuality', runbook: {}, cluster: () => scriptedCluster([badRelease]) },
  'accuracy-degradation-rolled-back': {
    failureType: 'accuracyDegradation',
    runbook: {},
    cluster: () => scriptedCluster([modelServer({ served: { wanted: BAD_URI, serving: [BAD_URI] } }), modelServer({ generation: 2 })]),
    decision: 'rollBack',
  },
  'data-quality-ignored': {
    failureType: 'dataQuality',
    runbook: {},
    cluster: () => scriptedCluster([modelServer({})]),
    decision: 'ignore',
  },
};
