import { CoreV1Api, CustomObjectsApi, type KubeConfig, type V1Pod } from '@kubernetes/client-node';
import type { ContainerMemory } from '../../incident/memory.ts';
import type { PipelineEvidence, PipelineRun, RunPod, Schedule } from '../../incident/pipeline.ts';
import type { ObjectKind, PipelineKind } from '../../incident/target.ts';
import type { PipelineClient } from '../cluster.ts';
import { readAnswer } from '../http/read-answer.ts';
import { asClusterFailure } from '../kubernetes/api-failures.ts';
import { generationOf } from '../kubernetes/generation.ts';
import type { RawObject, ResourceType } from '../kubernetes/guarded-patch.ts';
import { RETRY_OF_UID } from '../kubernetes/jobs/job-marks.ts';
import { jobPod } from '../kubernetes/jobs/job-seen.ts';
import { withLastWords } from '../kubernetes/jobs/last-log.ts';
import type { NodeZones } from '../kubernetes/node-zones.ts';
import { isTargetKind } from '../kubernetes/owners.ts';
import { Metadata } from './run-object.ts';

const RUNS_MAX = 10;
const PODS_READ_MAX = 200;
const PODS_MAX = 20;

/** How targets whose runs are objects of Kubernetes are seen. */
export interface Observation {
  readonly kind: PipelineKind & ObjectKind;
  readonly type: ResourceType;
  readonly retriedBy: PipelineEvidence['retriedBy'];
  /** Where its runs live, if they are other objects than itself and the retries of it, and the label that they bear with its name. */
  readonly runs?: { readonly type: ResourceType; readonly label: string };
  /** @throws where it cannot be understood */
  readRun(object: unknown): PipelineRun;
  /** Label that the pods of a run bear, with its name. */
  readonly podLabel: string;
  /** A pod in the words of its kind, such as by the step that it is. */
  readonly asPod?: (pod: V1Pod, seen: RunPod, run: unknown) => RunPod;
  /** Memory that a new run would ask for. */
  memoryOf(object: unknown): Readonly<Record<string, ContainerMemory>>;
  readonly scheduleOf?: (object: unknown) => Schedule;
  /** What else than an owner starts its runs, as `Kind/name`. */
  readonly startedBy?: (metadata: Metadata) => string | null;
  /** What other objects tell of its newest run. */
  readonly completed?: (namespace: string, run: PipelineRun) => Promise<PipelineRun>;
}

/** Sees targets of one kind with their last runs, or their retries, and the pods of the newest. */
export function objectObserver(config: KubeConfig, zones: NodeZones, seen: Observation): PipelineClient['observe'] {
  const objects = config.makeApiClient(CustomObjectsApi);
  const core = config.makeApiClient(CoreV1Api);

  async function list(namespace: string, type: ResourceType, labelSelector: string): Promise<readonly unknown[]> {
    const answer = await objects.listNamespacedCustomObject({ ...type, namespace, labelSelector });
    return (answer as { readonly items?: readonly unknown[] }).items ?? [];
  }

  /** Newest first. A retry is a run of the same kind; what a schedule makes is its own by owner. */
  async function runsOf(namespace: string, object: unknown, { name, uid }: Metadata): Promise<readonly unknown[]> {
    const { runs, type } = seen;
    const found = runs
      ? (await list(namespace, runs.type, `${runs.label}=${name}`)).filter((one) => isOwnedBy(metadataOf(one, seen.kind), uid))
      : [object, ...(await list(namespace, type, `${RETRY_OF_UID}=${uid}`))];
    return found.toSorted((a, b) => newestFirst(metadataOf(a, seen.kind), metadataOf(b, seen.kind)));
  }

  /** Of an earlier run of the same name there may be pods still. */
  async function podsOf(namespace: string, { name, createdMs }: PipelineRun): Promise<readonly V1Pod[]> {
    const { items } = await core.listNamespacedPod({ namespace, labelSelector: `${seen.podLabel}=${name}`, limit: PODS_READ_MAX });
    const madeMs = (pod: V1Pod) => new Date(pod.metadata?.creationTimestamp ?? 0).getTime();
    return items.filter((pod) => madeMs(pod) >= createdMs).toSorted((a, b) => madeMs(b) - madeMs(a));
  }

  return async ({ namespace, name }): Promise<PipelineEvidence> => {
    const read = asClusterFailure(`${seen.kind} ${namespace}/${name}`, () =>
      objects.getNamespacedCustomObject({ ...seen.type, namespace, name }),
    );
    const [object, known] = await Promise.all([read as Promise<unknown>, zones()]);
    const metadata = metadataOf(object, seen.kind);
    const found = (await runsOf(namespace, object, metadata)).slice(0, RUNS_MAX);
    const runs = found.map(seen.readRun);
    const [newest, ...earlier] = runs;
    const pods = newest ? await podsOf(namespace, newest) : [];
    const shown = pods.slice(0, PODS_MAX).map((pod) => {
      const one = jobPod(pod, known);
      return seen.asPod ? seen.asPod(pod, one, found[0]) : one;
    });
    const whole = newest && seen.completed ? await seen.completed(namespace, newest) : newest;
    const owner = metadata.ownerReferences.find(({ controller, kind }) => controller && !isTargetKind(kind));
    return {
      kind: seen.kind,
      uid: metadata.uid,
      generation: generationOf(seen.type, object as RawObject) ?? 0,
      name,
      readAtMs: Date.now(),
      controller: owner ? `${owner.kind}/${owner.name}` : (seen.startedBy?.(metadata) ?? null),
      schedule: seen.scheduleOf?.(object) ?? null,
      runs: whole ? [whole, ...earlier] : [],
      pods: whole?.state === 'failed' ? await withLastWords(core, shown, pods) : shown,
      memory: seen.memoryOf(object),
      retriedBy: seen.retriedBy,
    };
  };
}

function metadataOf(object: unknown, kind: string): Metadata {
  return readAnswer(Metadata, (object as { readonly metadata?: unknown }).metadata, `The metadata of a ${kind} or a run of it`);
}

function isOwnedBy({ ownerReferences }: Metadata, uid: string): boolean {
  return ownerReferences.some((owner) => owner.uid === uid);
}

/** Of two made in one second, the one whose name says that it came later. */
function newestFirst(a: Metadata, b: Metadata): number {
  return b.creationTimestamp - a.creationTimestamp || b.name.localeCompare(a.name, 'en', { numeric: true });
}
