/** The workload an incident is about: the topmost owner, never a pod that a controller would replace. */
export interface Target {
  readonly cluster: string;
  readonly namespace: string;
  /** Kubernetes kind, such as `Deployment`. */
  readonly kind: string;
  readonly name: string;
}

/** The target as people read it: `namespace/Kind/name`. */
export function targetText(target: Target): string {
  return `${target.namespace}/${target.kind}/${target.name}`;
}
