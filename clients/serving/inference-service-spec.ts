import { z } from 'zod';
import type { ServerSettings } from '../../incident/model.ts';
import { ModelStatus } from './kserve-loading.ts';

/** KServe's first way to name a model: by the framework that loads it. */
const FRAMEWORKS = ['sklearn', 'xgboost', 'tensorflow', 'pytorch', 'triton', 'onnx', 'huggingface', 'pmml', 'lightgbm', 'paddle'] as const;

const text = z.string().optional();

/** What names a model and says how it is loaded. */
const Loaded = z.object({
  storageUri: text,
  storage: z.object({ key: text, path: text }).optional(),
  runtime: text,
  runtimeVersion: text,
  protocolVersion: text,
  modelFormat: z.object({ name: text, version: text }).optional(),
});
type Loaded = z.infer<typeof Loaded>;

const Predictor = z.object({
  name: z.string().default(''),
  model: Loaded.optional(),
  ...(Object.fromEntries(FRAMEWORKS.map((name) => [name, Loaded.optional()])) as Record<
    (typeof FRAMEWORKS)[number],
    z.ZodOptional<typeof Loaded>
  >),
  storageUris: z.array(z.object({ uri: z.string() })).default([]),
  canaryTrafficPercent: z.number().nullish(),
});
type Predictor = z.infer<typeof Predictor>;

const Component = z.object({
  latestCreatedRevision: z.string().default(''),
  traffic: z.array(z.object({ revisionName: z.string().default(''), percent: z.number().nullish() })).default([]),
});

/** The fields used of an InferenceService; KServe's versions add and drop others. */
export const InferenceService = z.object({
  metadata: z.object({
    name: z.string(),
    uid: z.string(),
    generation: z.number(),
    annotations: z.record(z.string(), z.string()).default({}),
  }),
  spec: z.object({
    predictor: Predictor,
    /** Since KServe 0.20, in its mode without Knative. */
    canary: z.array(z.object({ trafficPercent: z.number().default(0), predictor: Predictor })).default([]),
  }),
  status: z
    .object({
      conditions: z.array(z.object({ type: z.string(), status: z.string() })).default([]),
      deploymentMode: z.string().default(''),
      components: z.record(z.string(), Component).default({}),
      modelStatus: ModelStatus.optional(),
      canaryStatuses: z.array(z.object({ name: z.string(), modelStatus: ModelStatus.optional() })).default([]),
    })
    .default({ conditions: [], deploymentMode: '', components: {}, canaryStatuses: [] }),
});
export type InferenceService = z.infer<typeof InferenceService>;

/** The one address of the model that a predictor is to load, and where in the predictor it stands. */
export interface PlacedModel {
  readonly address: string;
  /** JSON Pointers below the predictor: of the address, and of what says how it is loaded. */
  readonly at: string;
  readonly loadedBy: string;
  /** What must go back with an earlier address. */
  readonly settings: ServerSettings;
}

const USUAL_PLACE = '/model/storageUri';
/** Name of the setting that tells where the address stood, where that is not the usual place. */
const AT = 'at';

/** What is written beside an address and must fit it: name to JSON Pointer below what loads it. */
const SETTINGS = {
  runtime: '/runtime',
  runtimeVersion: '/runtimeVersion',
  protocolVersion: '/protocolVersion',
  modelFormat: '/modelFormat/name',
  modelFormatVersion: '/modelFormat/version',
  storageKey: '/storage/key',
} as const;

/** @returns why it names no single address, as a sentence; `server` begins it, such as `InferenceService ml/churn` */
export function placedModel(predictor: Predictor, server: string): PlacedModel | string {
  const { storageUris } = predictor;
  if (storageUris.length > 1)
    return `The ${server} loads from ${storageUris.length} addresses (${storageUris.map(({ uri }) => uri).join(', ')}), none of which is its version.`;
  const [name, loaded] = loadedIn(predictor);
  const base = `/${name}`;
  const only = storageUris[0];
  if (only) return placed(only.uri, '/storageUris/0/uri', base, loaded);
  if (loaded.storageUri !== undefined) return placed(loaded.storageUri, `${base}/storageUri`, base, loaded);
  if (loaded.storage?.path !== undefined) return placed(loaded.storage.path, `${base}/storage/path`, base, loaded);
  return `The ${server} names no address of a model: neither storageUri, nor storage.path, nor storageUris.`;
}

function loadedIn(predictor: Predictor): readonly [string, Loaded] {
  if (predictor.model) return ['model', predictor.model];
  const framework = FRAMEWORKS.find((name) => predictor[name] !== undefined);
  return framework ? [framework, predictor[framework]!] : ['model', {}];
}

function placed(address: string, at: string, loadedBy: string, loaded: Loaded): PlacedModel {
  const said = Object.entries(SETTINGS).flatMap(([name, pointer]) => {
    const value = pointer
      .split('/')
      .slice(1)
      .reduce<unknown>((inner, field) => (inner as Record<string, unknown> | undefined)?.[field], loaded);
    return typeof value === 'string' ? [[name, value]] : [];
  });
  return { address, at, loadedBy, settings: { ...Object.fromEntries(said), ...(at === USUAL_PLACE ? {} : { [AT]: at }) } };
}

/** Where a version stood that was served with these settings. */
export function placeIn(settings: ServerSettings): string {
  return settings[AT] ?? USUAL_PLACE;
}

/** Where a setting is written, as a JSON Pointer below what loads the model; null for one that is written elsewhere. */
export function settingPointers(): readonly (readonly [name: string, pointer: string])[] {
  return Object.entries(SETTINGS);
}
