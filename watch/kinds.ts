import type { ResourceType } from '../clients/kubernetes/guarded-patch.ts';
import { JOBS, RETRY_OF_UID } from '../clients/kubernetes/jobs/job-marks.ts';
import { WORKLOAD_TYPES } from '../clients/kubernetes/workload-types.ts';
import { PYTORCH_JOBS, TRAIN_JOBS, WORKFLOWS } from '../clients/pipelines/object-types.ts';
import { INFERENCE_SERVICES } from '../clients/serving/inference-service-type.ts';
import { autoscalerSymptoms, claimSymptoms, nodeSymptoms, podWaitingFor } from './conditions/cluster.ts';
import { inferenceServiceSymptoms } from './conditions/model-server.ts';
import { metadataOf } from './conditions/object.ts';
import { podSymptoms } from './conditions/pod.ts';
import { isFollowed, jobSymptoms, pytorchJobSymptoms, trainJobSymptoms, workflowSymptoms } from './conditions/run.ts';
import { daemonSetSymptoms, deploymentSymptoms, statefulSetSymptoms } from './conditions/workload.ts';
import type { Symptom } from './symptom.ts';

/** What stands beside an object, asked of the API server when it is needed. */
export type AskBeside = (type: ResourceType, namespace: string, selector: Readonly<Record<string, string>>) => Promise<readonly unknown[]>;

/** A kind that is watched. */
export interface WatchedKind {
  readonly kind: string;
  readonly type: ResourceType;
  readonly isNamespaced: boolean;
  /** Asked of the API server at once when all are listed; less where the objects are large. */
  readonly pageSize: number;
  /** What is wrong with one object, by itself. @throws when it cannot be understood */
  readonly symptoms: (object: unknown, nowMs: number) => readonly Symptom[];
  /** What is left of that once it was looked at what stands beside. Absent: all of it. */
  readonly confirmed?: (object: unknown, symptoms: readonly Symptom[], ask: AskBeside) => Promise<readonly Symptom[]>;
}

const PODS: ResourceType = { group: '', version: 'v1', plural: 'pods' };
const NODES: ResourceType = { group: '', version: 'v1', plural: 'nodes' };
const CLAIMS: ResourceType = { group: '', version: 'v1', plural: 'persistentvolumeclaims' };
const AUTOSCALERS: ResourceType = { group: 'autoscaling', version: 'v2', plural: 'horizontalpodautoscalers' };

const LIST = { isNamespaced: true, pageSize: 250 };

/** A run that failed is no matter any more once the next one of its schedule, or a retry, has begun: that one's end counts. */
function unlessFollowed(
  type: ResourceType,
  ofSchedule: (object: unknown) => Readonly<Record<string, string>> | null,
): NonNullable<WatchedKind['confirmed']> {
  return async (object, symptoms, ask) => {
    const { namespace, uid } = metadataOf(object);
    const scheduled = ofSchedule(object);
    const others = await Promise.all([
      ask(type, namespace, { labelSelector: `${RETRY_OF_UID}=${uid}` }),
      ...(scheduled === null ? [] : [ask(type, namespace, scheduled)]),
    ]);
    return isFollowed(object, others.flat()) ? [] : symptoms;
  };
}

/** Of a claim that no pod waits for nothing is hindered. */
const ifWaitedFor: NonNullable<WatchedKind['confirmed']> = async (object, symptoms, ask) => {
  const pending = await ask(PODS, metadataOf(object).namespace, { fieldSelector: 'status.phase=Pending' });
  const pod = podWaitingFor(object, pending);
  return pod === null ? [] : symptoms.map((one) => ({ ...one, beside: { pod } }));
};

/** All that is watched. */
export const WATCHED_KINDS: readonly WatchedKind[] = [
  { ...LIST, kind: 'Pod', type: PODS, symptoms: podSymptoms },
  { ...LIST, kind: 'Node', type: NODES, isNamespaced: false, pageSize: 100, symptoms: nodeSymptoms },
  { ...LIST, kind: 'Deployment', type: WORKLOAD_TYPES.Deployment, symptoms: deploymentSymptoms },
  { ...LIST, kind: 'StatefulSet', type: WORKLOAD_TYPES.StatefulSet, symptoms: statefulSetSymptoms },
  { ...LIST, kind: 'DaemonSet', type: WORKLOAD_TYPES.DaemonSet, symptoms: daemonSetSymptoms },
  {
    ...LIST,
    kind: 'Job',
    type: JOBS,
    symptoms: jobSymptoms,
    // The Jobs of a CronJob have no label in common.
    confirmed: unlessFollowed(JOBS, (job) => (metadataOf(job).ownerReferences.length > 0 ? {} : null)),
  },
  { ...LIST, kind: 'HorizontalPodAutoscaler', type: AUTOSCALERS, symptoms: autoscalerSymptoms },
  { ...LIST, kind: 'PersistentVolumeClaim', type: CLAIMS, symptoms: claimSymptoms, confirmed: ifWaitedFor },
  { ...LIST, kind: 'InferenceService', type: INFERENCE_SERVICES, pageSize: 100, symptoms: inferenceServiceSymptoms },
  {
    ...LIST,
    kind: 'Workflow',
    type: WORKFLOWS,
    // A Workflow holds every step it made, up to a megabyte.
    pageSize: 20,
    symptoms: workflowSymptoms,
    confirmed: unlessFollowed(WORKFLOWS, (workflow) => {
      const cron = metadataOf(workflow).labels['workflows.argoproj.io/cron-workflow'];
      return cron === undefined ? null : { labelSelector: `workflows.argoproj.io/cron-workflow=${cron}` };
    }),
  },
  { ...LIST, kind: 'TrainJob', type: TRAIN_JOBS, symptoms: trainJobSymptoms, confirmed: unlessFollowed(TRAIN_JOBS, () => null) },
  { ...LIST, kind: 'PyTorchJob', type: PYTORCH_JOBS, symptoms: pytorchJobSymptoms, confirmed: unlessFollowed(PYTORCH_JOBS, () => null) },
];
