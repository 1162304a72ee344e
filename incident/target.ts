/** What keeps pods running from a template, release after release. */
export const WORKLOAD_KINDS = ['Deployment', 'StatefulSet', 'DaemonSet'] as const;

export type WorkloadKind = (typeof WORKLOAD_KINDS)[number];

/** What Paramedic knows how to heal. The topmost owner of a pod is its target, if its kind is one of these. */
export const TARGET_KINDS = [...WORKLOAD_KINDS, 'InferenceService', 'Job', 'CronJob'] as const;

export type TargetKind = (typeof TARGET_KINDS)[number];

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
