/** What Paramedic knows how to heal. The topmost owner of a pod is its target, if its kind is one of these. */
export const TARGET_KINDS = ['Deployment', 'InferenceService'] as const;

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
