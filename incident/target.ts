/** What Paramedic knows how to heal. The topmost owner of a pod is its target, if its kind is one of these. */
export const TARGET_KINDS = ['Deployment', 'InferenceService', 'Job', 'CronJob'] as const;

export type TargetKind = (typeof TARGET_KINDS)[number];

/** The resource an incident is about: the topmost owner, never a pod that a controller would replace. */
export interface Target {
  readonly cluster: string;
  readonly namespace: string;
  readonly kind: TargetKind;
  readonly name: string;
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
