import { ApiException, CustomObjectsApi, type KubeConfig } from '@kubernetes/client-node';
import type { Change, MadeRun } from '../../../incident/change.ts';
import type { Target } from '../../../incident/target.ts';
import type { ApplyOptions, Bound } from '../../cluster.ts';
import { TargetChanged } from '../../failures.ts';
import { asClusterFailure, orNull } from '../api-failures.ts';
import { FIELD_MANAGER, LAST_ACTION, type RawObject } from '../guarded-patch.ts';
import { CRON_JOBS, JOBS } from './job-marks.ts';
import { jobOf } from './job-template.ts';

/** A Job that is written to between look and deletion is looked at anew so often. */
const TRIES_MAX = 5;

type RunChange = Extract<Change, { readonly kind: 'furtherRun' }>;

/** A Job as far as it is looked at before it is deleted. */
type RawJob = RawObject & {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
};

/** Makes further runs of Jobs and CronJobs, and takes them back while they have not ended. */
export function runMaker(config: KubeConfig) {
  const objects = config.makeApiClient(CustomObjectsApi);

  const readJob = (namespace: string, name: string) =>
    asClusterFailure(`Job ${namespace}/${name}`, () =>
      orNull(() => objects.getNamespacedCustomObject({ ...JOBS, namespace, name })),
    ) as Promise<RawJob | null>;

  /** @throws TargetChanged when a Job of the name is there that this act did not make, or the target is not as it was. */
  async function make(target: Target, run: MadeRun, bound: Bound, { key, dryRun, beforeWrite }: ApplyOptions) {
    const { namespace, kind, name } = target;
    if (kind !== 'Job' && kind !== 'CronJob') throw new Error(`A ${kind} has no runs; ${name} cannot be given one.`);
    const made = await readJob(namespace, run.name);
    if (made?.metadata.annotations?.[LAST_ACTION] === key) return 'alreadyApplied';
    if (made) throw new TargetChanged(`A Job ${namespace}/${run.name} is there already, made by somebody else.`);
    return asClusterFailure(`${kind} ${namespace}/${name}`, async () => {
      const type = kind === 'Job' ? JOBS : CRON_JOBS;
      const source = (await objects.getNamespacedCustomObject({ ...type, namespace, name })) as RawObject;
      const { uid, generation } = source.metadata;
      if (uid !== bound.uid) throw new TargetChanged(`${kind} ${namespace}/${name} was deleted and made anew since it was looked at.`);
      if (bound.generation !== null && generation !== bound.generation)
        throw new TargetChanged(
          `${kind} ${namespace}/${name} is at generation ${generation}, but the plan was made for ${bound.generation}.`,
        );
      const body = jobOf(kind, source, run, key);
      await beforeWrite?.();
      await objects.createNamespacedCustomObject({ ...JOBS, namespace, body, fieldManager: FIELD_MANAGER, ...asDryRun(dryRun) });
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
    const text = `Job ${namespace}/${name}`;
    const job = await readJob(namespace, name);
    if (job === null) return 'alreadyApplied';
    const { uid, resourceVersion = '', annotations } = job.metadata;
    if (annotations?.[LAST_ACTION] !== key.replace(/\/undo$/, '')) throw new TargetChanged(`${text} was made by somebody else.`);
    if (hasEnded(job)) throw new TargetChanged(`${text} has ended, and is kept with its pods and their logs.`);
    const body = { propagationPolicy: 'Background', preconditions: { uid, resourceVersion } };
    try {
      await orNull(() => objects.deleteNamespacedCustomObject({ ...JOBS, namespace, name, body, ...asDryRun(dryRun) }));
      return 'applied';
    } catch (error) {
      // The Job controller counts its pods all the time: what it wrote meanwhile is read, and whether the run has ended looked at again.
      if (error instanceof ApiException && error.code === 409 && triesLeft > 1) return takeBack(namespace, run, options, triesLeft - 1);
      return asClusterFailure(text, () => Promise.reject(error));
    }
  }

  return async (target: Target, { from, to }: RunChange, bound: Bound, options: ApplyOptions): Promise<'applied' | 'alreadyApplied'> => {
    if (to !== null) return make(target, to, bound, options);
    return from === null ? 'alreadyApplied' : takeBack(target.namespace, from, options);
  };
}

function hasEnded({ status }: RawJob): boolean {
  return (status?.conditions ?? []).some(({ type, status: is }) => (type === 'Complete' || type === 'Failed') && is === 'True');
}

function asDryRun(dryRun: boolean): { readonly dryRun?: 'All' } {
  return dryRun ? { dryRun: 'All' } : {};
}
