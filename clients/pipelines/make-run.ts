import { ApiException, CustomObjectsApi, type KubeConfig } from '@kubernetes/client-node';
import type { Change, MadeRun } from '../../incident/change.ts';
import type { PipelineKind } from '../../incident/target.ts';
import type { ApplyOptions, Bound, PipelineClient } from '../cluster.ts';
import { TargetChanged } from '../failures.ts';
import { asClusterFailure, orNull } from '../kubernetes/api-failures.ts';
import { generationOf } from '../kubernetes/generation.ts';
import { FIELD_MANAGER, LAST_ACTION, type RawObject, type ResourceType } from '../kubernetes/guarded-patch.ts';

/** A run that is written to between look and deletion is looked at anew so often. */
const TRIES_MAX = 5;

type RunChange = Extract<Change, { readonly kind: 'furtherRun' }>;

/** How further runs of one kind of target are made. */
export interface RunMaking {
  /** What is run, such as a CronJob. */
  readonly kind: PipelineKind;
  readonly type: ResourceType;
  /** What a run of it is, such as a Job. */
  readonly run: { readonly kind: string; readonly type: ResourceType };
  /** The object that does once more what the target is there for, under the key of the act. */
  make(source: RawObject, run: MadeRun, key: string): { readonly metadata: { readonly name: string } };
  hasEnded(run: RawObject): boolean;
}

/** Makes further runs that are objects of Kubernetes, and takes them back while they have not ended. */
export function runMaker(config: KubeConfig, { kind, type, run: { kind: runKind, type: runType }, make, hasEnded }: RunMaking) {
  const objects = config.makeApiClient(CustomObjectsApi);

  const readRun = (namespace: string, name: string) =>
    asClusterFailure(`${runKind} ${namespace}/${name}`, () =>
      orNull(() => objects.getNamespacedCustomObject({ ...runType, namespace, name })),
    ) as Promise<RawObject | null>;

  /** @throws TargetChanged when a run of the name is there that this act did not make, or the target is not as it was. */
  async function add({ namespace, name }: { namespace: string; name: string }, run: MadeRun, bound: Bound, options: ApplyOptions) {
    const { key, dryRun, beforeWrite } = options;
    const made = await readRun(namespace, run.name);
    if (made?.metadata.annotations?.[LAST_ACTION] === key) return 'alreadyApplied';
    if (made) throw new TargetChanged(`A ${runKind} ${namespace}/${run.name} is there already, made by somebody else.`);
    const text = `${kind} ${namespace}/${name}`;
    return asClusterFailure(text, async () => {
      const source = (await objects.getNamespacedCustomObject({ ...type, namespace, name })) as RawObject;
      const { uid } = source.metadata;
      const generation = generationOf(type, source);
      if (uid !== bound.uid) throw new TargetChanged(`${text} was deleted and made anew since it was looked at.`);
      if (bound.generation !== null && generation !== bound.generation)
        throw new TargetChanged(`${text} is at generation ${generation}, but the plan was made for ${bound.generation}.`);
      const body = make(source, run, key);
      await beforeWrite?.();
      await objects.createNamespacedCustomObject({ ...runType, namespace, body, fieldManager: FIELD_MANAGER, ...asDryRun(dryRun) });
      return 'applied' as const;
    });
  }

  /** @throws TargetChanged when it has ended, or the act whose undoing this is did not make it. */
  async function takeBack(
    namespace: string,
    run: MadeRun,
    options: ApplyOptions,
    triesLeft = TRIES_MAX,
  ): Promise<'applied' | 'alreadyApplied'> {
    const { name } = run;
    const { key, dryRun } = options;
    const text = `${runKind} ${namespace}/${name}`;
    const made = await readRun(namespace, name);
    if (made === null) return 'alreadyApplied';
    const { uid, resourceVersion = '', annotations } = made.metadata;
    if (annotations?.[LAST_ACTION] !== key.replace(/\/undo$/, '')) throw new TargetChanged(`${text} was made by somebody else.`);
    if (hasEnded(made)) throw new TargetChanged(`${text} has ended, and is kept with its pods and their logs.`);
    const body = { propagationPolicy: 'Background', preconditions: { uid, resourceVersion } };
    try {
      await orNull(() => objects.deleteNamespacedCustomObject({ ...runType, namespace, name, body, ...asDryRun(dryRun) }));
      return 'applied';
    } catch (error) {
      // Its controller counts its pods all the time: what it wrote meanwhile is read, and whether the run has ended looked at again.
      if (error instanceof ApiException && error.code === 409 && triesLeft > 1) return takeBack(namespace, run, options, triesLeft - 1);
      return asClusterFailure(text, () => Promise.reject(error));
    }
  }

  return async (
    { namespace, name }: Parameters<PipelineClient['retry']>[0],
    { from, to }: RunChange,
    bound: Bound,
    options: ApplyOptions,
  ): Promise<'applied' | 'alreadyApplied'> => {
    if (to !== null) return add({ namespace, name }, to, bound, options);
    return from === null ? 'alreadyApplied' : takeBack(namespace, from, options);
  };
}

/** Whether a condition of an object is true; kinds differ only in how they call them. */
export function hasCondition({ status }: RawObject, ...types: readonly string[]): boolean {
  return (status?.conditions ?? []).some(({ type, status: is }) => types.includes(type) && is === 'True');
}

function asDryRun(dryRun: boolean): { readonly dryRun?: 'All' } {
  return dryRun ? { dryRun: 'All' } : {};
}
