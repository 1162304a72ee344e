import { type CustomObjectsApi, PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import type { ApplyOptions, Bound } from '../cluster.ts';
import { TargetChanged } from '../failures.ts';
import { asClusterFailure } from './api-failures.ts';
import { generationOf } from './generation.ts';

/** The name under which the API server keeps which fields are ours. */
export const FIELD_MANAGER = 'paramedic';
/** Holds the key of the last act on an object. */
export const LAST_ACTION = 'paramedic.dev/last-action';

/** One operation of an RFC 6902 patch. */
export interface PatchOperation {
  readonly op: 'test' | 'add' | 'replace' | 'remove';
  readonly path: string;
  readonly value?: unknown;
}

/** Where a kind lives in the API. */
export interface ResourceType {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  /** It has no status subresource, so that its `metadata.generation` counts also what its controller writes into its status. */
  readonly countsStatus?: true;
}

/** An object as the API server sends it, with no field dropped. */
export interface RawObject {
  readonly metadata: {
    readonly name?: string;
    readonly uid: string;
    /** Some kinds count none. */
    readonly generation?: number;
    readonly resourceVersion?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: Readonly<Record<string, unknown>>;
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly [field: string]: unknown;
  };
}

/** The operations that make a change on an object just read. It throws TargetChanged when the object is not what it starts from. */
export type MakeOperations = (object: RawObject) => Promise<readonly PatchOperation[]> | readonly PatchOperation[];

/**
 * Patches one object on condition: of the bound uid and generation, with the values the operations test, and never twice under
 * one key. All of it is tested by the API server in the write itself, so that nothing can come between.
 */
export async function guardedPatch(
  api: CustomObjectsApi,
  type: ResourceType,
  { namespace, kind, name }: { readonly namespace: string; readonly kind: string; readonly name: string },
  bound: Bound,
  { key, dryRun, beforeWrite }: ApplyOptions,
  make: MakeOperations,
): Promise<'applied' | 'alreadyApplied'> {
  const text = `${kind} ${namespace}/${name}`;
  const where = { ...type, namespace, name };
  return asClusterFailure(text, async () => {
    const object = (await api.getNamespacedCustomObject(where)) as RawObject;
    const { uid, annotations } = object.metadata;
    const generation = generationOf(type, object);
    if (uid !== bound.uid) throw new TargetChanged(`${text} was deleted and made anew since it was looked at.`);
    if (annotations?.[LAST_ACTION] === key) return 'alreadyApplied';
    if (bound.generation !== null && generation !== bound.generation)
      throw new TargetChanged(`${text} is at generation ${generation}, but the plan was made for ${bound.generation}.`);
    const body: PatchOperation[] = [
      { op: 'test', path: '/metadata/uid', value: uid },
      ...unchanged(type, object),
      ...(annotations ? [] : [{ op: 'add' as const, path: '/metadata/annotations', value: {} }]),
      { op: 'add', path: `/metadata/annotations/${LAST_ACTION.replace('/', '~1')}`, value: key },
      ...(await make(object)),
    ];
    await beforeWrite?.();
    const request = { ...where, body, fieldManager: FIELD_MANAGER, ...(dryRun ? { dryRun: 'All' } : {}) };
    await api.patchNamespacedCustomObject(request, setHeaderOptions('Content-Type', PatchStrategy.JsonPatch));
    return 'applied';
  });
}

/** Holds where the object is still to be what it was to be when it was read. */
function unchanged({ countsStatus }: ResourceType, { metadata: { generation }, spec }: RawObject): readonly PatchOperation[] {
  if (countsStatus) return [{ op: 'test', path: '/spec', value: spec }];
  return generation === undefined ? [] : [{ op: 'test', path: '/metadata/generation', value: generation }];
}
