import { isDeepStrictEqual } from 'node:util';
import type { Address, Objects, RawObject } from './objects.ts';
import type { Check } from './schema.ts';

/** What a check is held against. */
export interface Judged {
  readonly objects: Objects;
  readonly mlflowUrl: string;
  /** The specs that must be unchanged, as the fault left them. */
  readonly specs: ReadonlyMap<string, unknown>;
}

/** The checks that do not hold, each as a sentence. */
export async function failingChecks(checks: readonly Check[], judged: Judged): Promise<string[]> {
  const answers = await Promise.all(checks.map((check) => fault(check, judged)));
  return answers.filter((answer) => answer !== null);
}

/** The specs of all that must stay unchanged. */
export async function specsOf(checks: readonly Check[], objects: Objects): Promise<Map<string, unknown>> {
  const wanted = checks.flatMap(({ unchanged }) => (unchanged ? [unchanged] : []));
  return new Map(await Promise.all(wanted.map(async (at) => [textOf(at), (await objects.read(at))?.spec] as const)));
}

async function fault(check: Check, { objects, mlflowUrl, specs }: Judged): Promise<string | null> {
  const { ready, notReady, equals, exists, absent, unchanged, alias, tag } = check;
  if (ready) return (await isReady(ready, objects)) ? null : `${ready.kind} ${ready.name} is not ready`;
  if (notReady) return (await isReady(notReady, objects)) ? `${notReady.kind} ${notReady.name} is ready` : null;
  if (equals) {
    const found = fieldAt(await objects.read(equals), equals.path) ?? null;
    const same = isDeepStrictEqual(found, equals.value ?? null);
    return same ? null : `${textOf(equals)}: ${equals.path} is ${JSON.stringify(found)}, not ${JSON.stringify(equals.value)}`;
  }
  if (exists) return (await objects.read(exists)) ? null : `${textOf(exists)} does not exist`;
  if (absent) return (await objects.read(absent)) ? `${textOf(absent)} exists` : null;
  if (unchanged)
    return isDeepStrictEqual((await objects.read(unchanged))?.spec, specs.get(textOf(unchanged)))
      ? null
      : `the spec of ${textOf(unchanged)} was changed`;
  if (alias) return aliasFault(alias, mlflowUrl);
  if (tag) return tagFault(tag, mlflowUrl);
  return null;
}

const API_VERSIONS: Readonly<Record<string, string>> = {
  Deployment: 'apps/v1',
  StatefulSet: 'apps/v1',
  DaemonSet: 'apps/v1',
  InferenceService: 'serving.kserve.io/v1beta1',
  Job: 'batch/v1',
  Pod: 'v1',
  Node: 'v1',
  PersistentVolumeClaim: 'v1',
};

/** Kinds of which it can be told whether they are ready. */
export const READABLE_KINDS: readonly string[] = Object.keys(API_VERSIONS);

/** All that is wanted of it is rolled out and ready; what is wanted is more than nothing. */
export async function isReady({ kind, name }: { readonly kind: string; readonly name: string }, objects: Objects): Promise<boolean> {
  const apiVersion = API_VERSIONS[kind];
  if (!apiVersion) throw new Error(`Whether a ${kind} is ready cannot be told; it can of ${READABLE_KINDS.join(', ')}.`);
  const object = await objects.read({ apiVersion, kind, name });
  if (!object) return false;
  if (kind !== 'InferenceService') return isSettled(object);
  const made = await objects.read({ apiVersion: 'apps/v1', kind: 'Deployment', name: `${name}-predictor` });
  return hasCondition(object, 'Ready') && made !== null && isSettled(made) && !(await servesAnotherVersion(object, objects));
}

/** A ready pod of an earlier version serves still. */
async function servesAnotherVersion({ metadata, spec }: RawObject, objects: Objects): Promise<boolean> {
  const pods = await objects.list('v1', 'Pod', `serving.kserve.io/inferenceservice=${metadata.name}`);
  const wanted = spec.predictor?.model?.storageUri;
  const initializer = 'internal.serving.kserve.io/storage-initializer-sourceuri';
  return pods.some((pod) => {
    const served = (pod.metadata as { annotations?: Record<string, string> }).annotations?.[initializer];
    return served !== undefined && wanted !== undefined && served !== wanted;
  });
}

function isSettled({ kind, metadata, spec, status = {} }: RawObject): boolean {
  const isSeen = (status.observedGeneration ?? 0) >= (metadata.generation ?? 0);
  switch (kind) {
    case 'Deployment': {
      const wanted = spec.replicas ?? 1;
      return isSeen && wanted > 0 && [status.replicas, status.updatedReplicas, status.readyReplicas].every((count) => count === wanted);
    }
    case 'StatefulSet': {
      const wanted = spec.replicas ?? 1;
      return isSeen && status.readyReplicas === wanted && status.currentRevision === status.updateRevision;
    }
    case 'DaemonSet':
      return isSeen && status.numberReady === status.desiredNumberScheduled && status.updatedNumberScheduled === status.numberReady;
    case 'Job':
      return (status.succeeded ?? 0) >= (spec.completions ?? 1);
    case 'PersistentVolumeClaim':
      return status.phase === 'Bound';
    default:
      return hasCondition({ status }, 'Ready');
  }
}

function hasCondition({ status }: Pick<RawObject, 'status'>, type: string): boolean {
  const conditions: readonly { readonly type: string; readonly status: string }[] = status?.conditions ?? [];
  return conditions.some((one) => one.type === type && one.status === 'True');
}

function fieldAt(object: unknown, path: string): unknown {
  let here = object;
  // Keys with dots in them, such as annotations, are written as spec.selector["a.b/c"].
  for (const [, quoted, plain] of path.matchAll(/\["([^"]+)"\]|([^.[\]]+)/g))
    here = (here as Record<string, unknown> | null | undefined)?.[quoted ?? plain ?? ''];
  return here;
}

async function aliasFault(wanted: NonNullable<Check['alias']>, mlflowUrl: string): Promise<string | null> {
  const query = new URLSearchParams({ name: wanted.model, alias: wanted.alias });
  const answer = await fetch(`${mlflowUrl}/api/2.0/mlflow/registered-models/alias?${query}`);
  const { model_version: found } = (await answer.json()) as { model_version?: { version: string } };
  const same = found?.version === wanted.version;
  return same ? null : `alias ${wanted.alias} of ${wanted.model} points at ${found?.version ?? 'nothing'}, not at ${wanted.version}`;
}

async function tagFault({ model, tag }: NonNullable<Check['tag']>, mlflowUrl: string): Promise<string | null> {
  const answer = await fetch(`${mlflowUrl}/api/2.0/mlflow/registered-models/get?${new URLSearchParams({ name: model })}`);
  const { registered_model: found } = (await answer.json()) as { registered_model?: { tags?: { key: string }[] } };
  return found?.tags?.some(({ key }) => key === tag) ? null : `model ${model} has no tag ${tag}`;
}

function textOf({ kind, name }: Address): string {
  return `${kind} ${name}`;
}
