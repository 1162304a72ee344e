import type { Cluster, SubjectKind } from '../clients/cluster.ts';
import type { Alert } from '../incident/alert.ts';
import { isOutsideKind, type Target } from '../incident/target.ts';

/** The one resource an alert is about, or why it cannot be told. It is resolved or refused, never guessed. */
export type ResolvedTarget = { readonly target: Target } | { readonly unknown: string };

/** Labels that name a resource, the most telling first. */
const SUBJECTS: readonly (readonly [label: string, kind: SubjectKind])[] = [
  ['dag_id', 'AirflowDag'],
  ['endpoint_id', 'VertexEndpoint'],
  ['delivery_target', 'DeliveryPipeline'],
  ['pipeline_job_id', 'VertexPipelineJob'],
  ['clearml_task', 'ClearmlTask'],
  ['recurring_run_id', 'KubeflowRecurringRun'],
  ['pipeline_run_id', 'KubeflowRun'],
  ['inferenceservice', 'InferenceService'],
  ['llminferenceservice', 'LLMInferenceService'],
  ['rollout', 'Rollout'],
  ['seldon_model', 'SeldonModel'],
  ['deployment', 'Deployment'],
  ['statefulset', 'StatefulSet'],
  ['daemonset', 'DaemonSet'],
  ['cronworkflow', 'CronWorkflow'],
  ['cron_workflow', 'CronWorkflow'],
  ['workflow_name', 'Workflow'],
  ['workflow', 'Workflow'],
  ['trainjob', 'TrainJob'],
  ['pytorchjob', 'PyTorchJob'],
  ['cronjob', 'CronJob'],
  ['job_name', 'Job'],
  ['horizontalpodautoscaler', 'HorizontalPodAutoscaler'],
  ['pod', 'Pod'],
];

/** As Kubernetes allows names. Any other is put into no address: `..` would lead elsewhere. */
const NAME = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;

/** As outside systems allow names; none that as a part of an address would lead elsewhere, or as a target's text be another one's. */
const OUTSIDE_NAME = /^[\p{L}\p{N}_][\p{L}\p{N}_.~:+-]{0,249}$/u;

/** What an alert names. */
export interface Subject {
  /** Null where none is needed: it is no object of Kubernetes. */
  readonly namespace: string | null;
  readonly kind: SubjectKind;
  readonly name: string;
}

/** What an alert's labels name, before any cluster is asked; null when they name nothing. */
export function subjectOf(alert: Alert): Subject | null {
  const labels = joined(alert.labels);
  const subject = SUBJECTS.find(([label]) => labels[label]);
  if (subject === undefined) return null;
  const [label, kind] = subject;
  const name = labels[label] ?? '';
  if (isOutsideKind(kind)) return { namespace: null, kind, name };
  return labels.namespace ? { namespace: labels.namespace, kind, name } : null;
}

/** A pipeline and the target that it brings releases to are two labels, where Cloud Deploy itself names them. */
function joined(labels: Alert['labels']): Alert['labels'] {
  const { delivery_pipeline: pipeline, target_id: target } = labels;
  return pipeline && target ? { delivery_target: `${pipeline}.${target}`, ...labels } : labels;
}

/** The labels by which an alert names a target. */
export function labelsOf({ namespace, kind, name }: Pick<Target, 'namespace' | 'kind' | 'name'>): Readonly<Record<string, string>> {
  const subject = SUBJECTS.find(([, one]) => one === kind);
  return subject ? { namespace, [subject[0]]: name } : { namespace };
}

/** What an alert names, as it may be asked for, or why it names nothing that may. */
export function readSubject(alert: Alert): Subject | { readonly unknown: string } {
  const subject = subjectOf(alert);
  if (!subject) {
    const missing = alert.labels.namespace
      ? `label that names a resource (${SUBJECTS.map(([label]) => label).join(', ')})`
      : 'namespace label';
    return { unknown: `The alert has no ${missing}.` };
  }
  const { namespace, kind, name } = subject;
  if (namespace === null && !OUTSIDE_NAME.test(name)) return { unknown: `The alert names a resource by what is no name of a ${kind}.` };
  if (namespace !== null && (!NAME.test(namespace) || !NAME.test(name)))
    return { unknown: 'The alert names a resource by what Kubernetes allows as no name.' };
  return subject;
}

/** @throws when the cluster cannot be asked. */
export async function resolveTarget(
  { namespace, kind, name }: Subject,
  cluster: string,
  { topmostOwner }: Pick<Cluster, 'topmostOwner'>,
): Promise<ResolvedTarget> {
  const owner = await topmostOwner(namespace, kind, name);
  const place = owner?.namespace ?? namespace;
  if (owner && place !== null) return { target: { cluster, namespace: place, kind: owner.kind, name: owner.name } };
  if (namespace === null) return { unknown: `${kind} ${name} does not exist, or its system is not configured; see docs/systems.` };
  return { unknown: `${kind} ${namespace}/${name} does not exist, or nothing that Paramedic heals owns it.` };
}
