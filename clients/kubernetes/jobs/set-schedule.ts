import { CustomObjectsApi, type KubeConfig } from '@kubernetes/client-node';
import type { Target } from '../../../incident/target.ts';
import type { ApplyOptions, Bound, ScheduleChange } from '../../cluster.ts';
import { guardedPatch, type PatchOperation, type RawObject } from '../guarded-patch.ts';
import { CRON_JOBS, SUSPENDED_BY } from './job-marks.ts';

const MARK = `/metadata/annotations/${SUSPENDED_BY.replace('/', '~1')}`;

/** Suspends the schedule of a CronJob, with a mark that Paramedic did, or lets it go on. */
export function scheduleSetter(config: KubeConfig) {
  const objects = config.makeApiClient(CustomObjectsApi);
  return (target: Target, { from, to }: ScheduleChange, bound: Bound, options: ApplyOptions): Promise<'applied' | 'alreadyApplied'> => {
    if (target.kind !== 'CronJob') throw new Error(`A ${target.kind} has no schedule; that of ${target.name} cannot be set.`);
    return guardedPatch(objects, CRON_JOBS, target, bound, options, (object) => [
      { op: 'test', path: '/spec/suspend', value: from === 'suspended' },
      { op: 'replace', path: '/spec/suspend', value: to === 'suspended' },
      ...mark(object, to, options.key),
    ]);
  };
}

function mark({ metadata }: RawObject, to: ScheduleChange['to'], key: string): readonly PatchOperation[] {
  if (to === 'suspended') return [{ op: 'add', path: MARK, value: key }];
  return metadata.annotations?.[SUSPENDED_BY] === undefined ? [] : [{ op: 'remove', path: MARK }];
}
