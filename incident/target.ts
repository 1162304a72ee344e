/** What keeps pods running from a template, release after release. */
export const WORKLOAD_KINDS = ['Deployment', 'StatefulSet', 'DaemonSet'] as const;

export type WorkloadKind = (typeof WORKLOAD_KINDS)[number];

/** What serves models by a controller of its own. */
export const MODEL_SERVER_KINDS = [
  'InferenceService',
  'LLMInferenceService',
  'Rollout',
  'SeldonModel',
  'VertexEndpoint',
  'DeliveryPipeline',
] as const;

export type ModelServerKind = (typeof MODEL_SERVER_KINDS)[number];

/** What runs to an end, once or on a schedule. */
const PIPELINE_KINDS = [
  'Job',
  'CronJob',
  'TrainJob',
  'PyTorchJob',
  'Workflow',
  'CronWorkflow',
  'AirflowDag',
  'KubeflowRun',
  'KubeflowRecurringRun',
  'ClearmlTask',
  'VertexPipelineJob',
] as const;

export type PipelineKind = (typeof PIPELINE_KINDS)[number];

/** What is no object of Kubernetes. Its namespace is a word for the system it is in, by which limits and freezes find it. */
const OUTSIDE_KINDS = [
  'VertexEndpoint',
  'DeliveryPipeline',
  'AirflowDag',
  'KubeflowRun',
  'KubeflowRecurringRun',
  'ClearmlTask',
  'VertexPipelineJob',
] as const satisfies readonly (ModelServerKind | PipelineKind)[];

export type OutsideKind = (typeof OUTSIDE_KINDS)[number];

/** What Paramedic knows how to heal. The topmost owner of a pod is its target, if its kind is one of these. */
export const TARGET_KINDS = [...WORKLOAD_KINDS, ...MODEL_SERVER_KINDS, ...PIPELINE_KINDS] as const;

export type TargetKind = (typeof TARGET_KINDS)[number];

/** What is an object of Kubernetes. */
export type ObjectKind = Exclude<TargetKind, OutsideKind>;

/** The resource an incident is about: the topmost owner, never a pod that a controller would replace. */
export interface Target {
  readonly cluster: string;
  readonly namespace: string;
  readonly kind: TargetKind;
  readonly name: string;
}

export function isWorkloadKind(kind: string): kind is WorkloadKind {
  return (WORKLOAD_KINDS as readonly string[]).includes(kind);
}

export function isPipelineKind(kind: string): kind is PipelineKind {
  return (PIPELINE_KINDS as readonly string[]).includes(kind);
}

export function isOutsideKind(kind: string): kind is OutsideKind {
  return (OUTSIDE_KINDS as readonly string[]).includes(kind);
}

/** Its pods are its own: neither hosted elsewhere, nor shared with others of its kind. */
export function hasOwnPods(kind: TargetKind): boolean {
  return !isOutsideKind(kind) && kind !== 'SeldonModel';
}

/** The target as people read it: `namespace/Kind/name`. */
export function targetText(target: Target): string {
  return `${target.namespace}/${target.kind}/${target.name}`;
}

/** What `targetText` made a text of; null when it was none. */
export function targetOf(cluster: string, text: string): Target | null {
  const [namespace, kindName, name, ...more] = text.split('/');
  const kind = TARGET_KINDS.find((one) => one === kindName);
  return namespace && kind && name && more.length === 0 ? { cluster, namespace, kind, name } : null;
}
