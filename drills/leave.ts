import { LEAVE, LEAVE_LABEL } from './marks.ts';

/** Raised where a drill may do nothing, whoever asks. */
export class DrillForbidden extends Error {}

/** A namespace as far as it says whether drills may be run there. */
export interface NamespaceSeen {
  readonly labels?: Readonly<Record<string, string>>;
  readonly deletionTimestamp?: string;
}

/** What Kubernetes keeps for itself, and where whatever names no namespace ends up. */
const NEVER = /^(kube-.*|default)$/;

/**
 * Why no drill may be run in a namespace, as a sentence with what would be right; null where one may.
 * @param own namespaces that Paramedic itself is in, or may be
 */
export function whyForbidden(namespace: string, seen: NamespaceSeen | null, own: readonly string[]): string | null {
  const cannot = `Cannot run a drill in the namespace ${namespace}`;
  if (NEVER.test(namespace) || own.includes(namespace))
    return `${cannot}: drills are never run where Kubernetes or Paramedic itself is, nor in default, whatever its labels say. Make a namespace for them.`;
  if (seen === null) return `${cannot}: it does not exist. Make it, and let drills be run there: ${howToLet(namespace)}`;
  if (seen.deletionTimestamp !== undefined) return `${cannot}: it is being deleted.`;
  if (seen.labels?.[LEAVE_LABEL] !== LEAVE)
    return `${cannot}: it has no label ${LEAVE_LABEL}=${LEAVE}, by which somebody lets faults be injected there. Where nothing in it matters: ${howToLet(namespace)}`;
  return null;
}

function howToLet(namespace: string): string {
  return `kubectl label namespace ${namespace} ${LEAVE_LABEL}=${LEAVE}`;
}
