import type { Workloads } from '../clients/kubernetes/workloads.ts';
import type { Alert } from '../incident/alert.ts';
import type { Target } from '../incident/target.ts';

/** The one workload an alert is about, or why it cannot be told. It is resolved or refused, never guessed. */
export type ResolvedTarget = { readonly target: Target } | { readonly unknown: string };

export async function resolveTarget(
  alert: Alert,
  cluster: string,
  workloads: Pick<Workloads, 'ownerOf' | 'exists'>,
): Promise<ResolvedTarget> {
  const { namespace, pod, deployment } = alert.labels;
  if (!namespace) return { unknown: 'The alert has no namespace label.' };
  if (deployment) {
    const there = await workloads.exists(namespace, 'Deployment', deployment);
    return there
      ? { target: { cluster, namespace, kind: 'Deployment', name: deployment } }
      : { unknown: `Deployment ${namespace}/${deployment} does not exist.` };
  }
  if (!pod) return { unknown: 'The alert has neither a pod nor a deployment label.' };
  const owner = await workloads.ownerOf(namespace, pod);
  return owner
    ? { target: { cluster, namespace, ...owner } }
    : { unknown: `Pod ${namespace}/${pod} does not exist or no Deployment owns it.` };
}
