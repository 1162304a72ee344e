import type { Cluster, SubjectKind } from '../clients/cluster.ts';
import type { Alert } from '../incident/alert.ts';
import type { Target } from '../incident/target.ts';

/** The one resource an alert is about, or why it cannot be told. It is resolved or refused, never guessed. */
export type ResolvedTarget = { readonly target: Target } | { readonly unknown: string };

/** Labels that name a resource, the most telling first. */
const SUBJECTS: readonly (readonly [label: string, kind: SubjectKind])[] = [
  ['inferenceservice', 'InferenceService'],
  ['deployment', 'Deployment'],
  ['statefulset', 'StatefulSet'],
  ['daemonset', 'DaemonSet'],
  ['cronjob', 'CronJob'],
  ['job_name', 'Job'],
  ['horizontalpodautoscaler', 'HorizontalPodAutoscaler'],
  ['pod', 'Pod'],
];

/** As Kubernetes allows names. Any other is put into no address: `..` would lead elsewhere. */
const NAME = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;

/** What an alert's labels name, before any cluster is asked; null when they name nothing. */
export function subjectOf({ labels }: Alert): { readonly namespace: string; readonly kind: SubjectKind; readonly name: string } | null {
  const { namespace } = labels;
  const subject = SUBJECTS.find(([label]) => labels[label]);
  return namespace && subject ? { namespace, kind: subject[1], name: labels[subject[0]] ?? '' } : null;
}

/** @throws when the cluster cannot be asked. */
export async function resolveTarget(
  alert: Alert,
  cluster: string,
  { topmostOwner }: Pick<Cluster, 'topmostOwner'>,
): Promise<ResolvedTarget> {
  const subject = subjectOf(alert);
  if (!subject) {
    const missing = alert.labels.namespace
      ? `label that names a resource (${SUBJECTS.map(([label]) => label).join(', ')})`
      : 'namespace label';
    return { unknown: `The alert has no ${missing}.` };
  }
  const { namespace, kind, name } = subject;
  if (!NAME.test(namespace) || !NAME.test(name)) return { unknown: 'The alert names a resource by what Kubernetes allows as no name.' };
  const owner = await topmostOwner(namespace, kind, name);
  return owner
    ? { target: { cluster, namespace, ...owner } }
    : { unknown: `${kind} ${namespace}/${name} does not exist, or nothing that Paramedic heals owns it.` };
}
