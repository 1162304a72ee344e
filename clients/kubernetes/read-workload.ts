import type {
  AppsV1Api,
  ConfigurationOptions,
  CoreV1Api,
  V1ControllerRevision,
  V1DaemonSet,
  V1Deployment,
  V1ObjectMeta,
  V1Pod,
  V1PodTemplateSpec,
  V1ReplicaSet,
  V1StatefulSet,
} from '@kubernetes/client-node';
import type { WorkloadKind } from '../../incident/target.ts';
import { asClusterFailure } from './api-failures.ts';

const REVISION = 'deployment.kubernetes.io/revision';
/** The label of a Deployment's pods, and of the ReplicaSet that holds their template. */
export const TEMPLATE_HASH = 'pod-template-hash';
/** The label of the pods of the other kinds. */
const REVISION_HASH = 'controller-revision-hash';

/** One release, by what holds its pod template. */
export interface ReleaseRead {
  readonly metadata: V1ObjectMeta | undefined;
  readonly hash: string;
  readonly revision: number;
  readonly template: V1PodTemplateSpec | undefined;
}

/** A workload with its releases, newest first, and its pods, as read. */
export type WorkloadRead = WorkloadObject & { readonly releases: readonly ReleaseRead[]; readonly pods: readonly V1Pod[] };

type WorkloadObject =
  | { readonly kind: 'Deployment'; readonly object: V1Deployment }
  | { readonly kind: 'StatefulSet'; readonly object: V1StatefulSet }
  | { readonly kind: 'DaemonSet'; readonly object: V1DaemonSet };

/** Which workload is meant. */
export interface WorkloadName {
  readonly kind: WorkloadKind;
  readonly namespace: string;
  readonly name: string;
}

/**
 * Reads a workload with what it owns.
 * @throws TargetGone when it does not exist.
 */
export async function readWorkload(
  apps: AppsV1Api,
  core: CoreV1Api,
  { kind, namespace, name }: WorkloadName,
  options?: ConfigurationOptions,
): Promise<WorkloadRead> {
  const found = await asClusterFailure(`${kind} ${namespace}/${name}`, () => readObject(apps, kind, { namespace, name }, options));
  const owned = { namespace, labelSelector: selectorOf(found.object) };
  const uid = found.object.metadata?.uid;
  const [held, pods] = await Promise.all([releasesOf(apps, found.kind, owned, options), core.listNamespacedPod(owned, options)]);
  const releases = held.filter((one) => isOwned(one, new Set([uid]))).toSorted((a, b) => b.revision - a.revision);
  const owners = new Set(found.kind === 'Deployment' ? releases.map(({ metadata }) => metadata?.uid) : [uid]);
  return { ...found, releases, pods: pods.items.filter((pod) => isOwned(pod, owners)) };
}

async function releasesOf(
  apps: AppsV1Api,
  kind: WorkloadKind,
  owned: { readonly namespace: string; readonly labelSelector: string },
  options?: ConfigurationOptions,
): Promise<readonly ReleaseRead[]> {
  if (kind === 'Deployment') return (await apps.listNamespacedReplicaSet(owned, options)).items.map(ofReplicaSet);
  return (await apps.listNamespacedControllerRevision(owned, options)).items.map((one) => ofRevision(kind, one));
}

async function readObject(
  apps: AppsV1Api,
  kind: WorkloadKind,
  where: { readonly namespace: string; readonly name: string },
  options?: ConfigurationOptions,
): Promise<WorkloadObject> {
  switch (kind) {
    case 'Deployment':
      return { kind, object: await apps.readNamespacedDeployment(where, options) };
    case 'StatefulSet':
      return { kind, object: await apps.readNamespacedStatefulSet(where, options) };
    case 'DaemonSet':
      return { kind, object: await apps.readNamespacedDaemonSet(where, options) };
    default:
      return kind satisfies never;
  }
}

function ofReplicaSet({ metadata, spec }: V1ReplicaSet): ReleaseRead {
  return {
    metadata,
    hash: metadata?.labels?.[TEMPLATE_HASH] ?? '',
    revision: Number(metadata?.annotations?.[REVISION] ?? 0),
    template: spec?.template,
  };
}

/** A StatefulSet labels its pods with the name of the revision, a DaemonSet with the hash that the revision is labelled with, too. */
function ofRevision(kind: 'StatefulSet' | 'DaemonSet', { metadata, revision, data }: V1ControllerRevision): ReleaseRead {
  const hash = kind === 'StatefulSet' ? metadata?.name : metadata?.labels?.[REVISION_HASH];
  const { spec } = (data ?? {}) as { readonly spec?: { readonly template?: V1PodTemplateSpec } };
  return { metadata, hash: hash ?? '', revision, template: spec?.template };
}

/** Which release a pod belongs to. */
export function releaseHashOf({ metadata }: V1Pod): string {
  return metadata?.labels?.[TEMPLATE_HASH] ?? metadata?.labels?.[REVISION_HASH] ?? '';
}

function isOwned({ metadata }: { readonly metadata?: V1ObjectMeta | undefined }, owners: ReadonlySet<string | undefined>): boolean {
  return metadata?.ownerReferences?.some(({ uid }) => owners.has(uid)) ?? false;
}

/** @throws when it selects by expressions alone: an empty selection must never mean "all". */
function selectorOf({ metadata, spec }: WorkloadObject['object']): string {
  const labels = Object.entries(spec?.selector.matchLabels ?? {});
  if (labels.length === 0) throw new Error(`Cannot list pods of ${metadata?.name}: its selector has no matchLabels.`);
  return labels.map(([label, value]) => `${label}=${value}`).join(',');
}
