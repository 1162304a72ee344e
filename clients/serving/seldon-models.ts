import { CustomObjectsApi, type KubeConfig } from '@kubernetes/client-node';
import { z } from 'zod';
import type { ModelLoading, ServedModel } from '../../incident/evidence.ts';
import type { ServedVersion } from '../../incident/model.ts';
import { redact } from '../../incident/redact.ts';
import type { Target } from '../../incident/target.ts';
import type { TargetClient } from '../cluster.ts';
import { TargetChanged } from '../failures.ts';
import { asClusterFailure } from '../kubernetes/api-failures.ts';
import { guardedPatch, type PatchOperation, type RawObject } from '../kubernetes/guarded-patch.ts';
import { addressingOf } from './addressing.ts';
import { SELDON_MODELS } from './object-types.ts';
import type { ServedModelReader } from './served-model.ts';

const FAILURE_CHARACTERS_MAX = 300;
/** Between the address of a store and the version that is picked in it. */
const VERSION_MARK = '#';

/** The fields used of a Model of Seldon Core 2. */
const SeldonModel = z.object({
  metadata: z.object({ uid: z.string(), generation: z.number(), annotations: z.record(z.string(), z.string()).default({}) }),
  spec: z.object({ storageUri: z.string(), artifactVersion: z.number().nullish(), replicas: z.number().nullish() }),
  status: z
    .object({
      // Older versions tell only how many there are.
      availableReplicas: z.number().nullish(),
      replicas: z.number().nullish(),
      conditions: z
        .array(z.object({ type: z.string(), status: z.string(), reason: z.string().default(''), message: z.string().default('') }))
        .default([]),
    })
    .default({ conditions: [] }),
});
type SeldonModel = z.infer<typeof SeldonModel>;

/** Sees and changes Models of Seldon Core 2. Their pods are those of Servers, which many Models share, and are not looked at. */
export function seldonModelClient(config: KubeConfig, servedModel: ServedModelReader): TargetClient {
  const objects = config.makeApiClient(CustomObjectsApi);
  return {
    async observe(target) {
      const { namespace, name } = target;
      const where = { ...SELDON_MODELS, namespace, name };
      const model = SeldonModel.parse(await asClusterFailure(textOf(target), () => objects.getNamespacedCustomObject(where)));
      const { uid, generation, annotations } = model.metadata;
      const server = { text: textOf(target), name: `${namespace}/${name}`, annotations };
      const { addressing, fault } = addressingOf(server);
      const ready = isReady(model);
      const wanted = addressOf(model.spec);
      const seen: Pick<ServedModel, 'wanted' | 'whyUnaddressed'> = fault === null ? { wanted } : { wanted: null, whyUnaddressed: fault };
      return {
        kind: 'SeldonModel',
        uid,
        generation,
        ready,
        served: await servedModel(server, { addressing, settings: {}, serving: ready ? [wanted] : [], ...seen }),
        loading: loadingOf(model),
        workload: null,
        traffic: missingText(model),
      };
    },

    apply(target, change, bound, options) {
      if (change.kind !== 'modelVersion') throw new Error(`A Model of Seldon cannot be changed by a change of ${change.kind}.`);
      return guardedPatch(objects, SELDON_MODELS, target, bound, options, (object) => operations(object, change, textOf(target)));
    },
  };
}

function textOf({ namespace, name }: Pick<Target, 'namespace' | 'name'>): string {
  return `Model ${namespace}/${name}`;
}

/** The store, and the version in it where the spec picks one. */
function addressOf({ storageUri, artifactVersion }: SeldonModel['spec']): string {
  return typeof artifactVersion === 'number' ? `${storageUri}${VERSION_MARK}${artifactVersion}` : storageUri;
}

/** Its scheduler says so of the newest spec alone: what it says of an older one it keeps to itself. */
function isReady({ status }: SeldonModel): boolean {
  const all = ['Ready', 'ModelReady'].map((type) => status.conditions.find((one) => one.type === type)?.status);
  return all.every((one) => one === 'True');
}

function loadingOf(model: SeldonModel): ModelLoading | null {
  const told = model.status.conditions.find(({ type }) => type === 'ModelReady');
  if (told === undefined) return null;
  const words = [told.reason, told.message].filter(Boolean).join(': ');
  if (told.status === 'True') return { transition: 'UpToDate', wanted: 'Loaded', failure: null };
  const failed = /ModelFailed|ScheduleFailed|LoadFailed/.test(words);
  const failure = redact(words, FAILURE_CHARACTERS_MAX) || null;
  return failed
    ? { transition: 'BlockedByFailedLoad', wanted: 'FailedToLoad', failure }
    : { transition: 'InProgress', wanted: null, failure: null };
}

/** Fewer servers have it than should. */
function missingText({ spec, status }: SeldonModel): string | null {
  const wanted = spec.replicas ?? 1;
  const available = status.availableReplicas ?? status.replicas ?? 0;
  return available < wanted ? `${available} of ${wanted} replicas of it are available` : null;
}

function operations(
  object: RawObject,
  { from, to }: { readonly from: ServedVersion; readonly to: ServedVersion },
  text: string,
): readonly PatchOperation[] {
  const { spec } = SeldonModel.parse(object);
  const now = addressOf(spec);
  if (now !== from.address) throw new TargetChanged(`${text} is to load ${now} now, and not ${from.address}.`);
  const { storageUri, artifactVersion } = partsOf(to.address);
  const path = '/spec/artifactVersion';
  const stands: PatchOperation = { op: 'test', path: '/spec/storageUri', value: spec.storageUri };
  const address: PatchOperation[] = [stands, { op: 'replace', path: '/spec/storageUri', value: storageUri }];
  if (artifactVersion !== null) return [...address, { op: 'add', path, value: artifactVersion }];
  return typeof spec.artifactVersion === 'number' ? [...address, { op: 'remove', path }] : address;
}

function partsOf(address: string): { readonly storageUri: string; readonly artifactVersion: number | null } {
  const [, storageUri, version] = new RegExp(`^(.*)${VERSION_MARK}(\\d+)$`).exec(address) ?? [];
  return storageUri === undefined ? { storageUri: address, artifactVersion: null } : { storageUri, artifactVersion: Number(version) };
}
