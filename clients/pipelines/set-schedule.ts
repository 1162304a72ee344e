import { CustomObjectsApi, type KubeConfig } from '@kubernetes/client-node';
import type { PipelineClient, ScheduleChange } from '../cluster.ts';
import { guardedPatch, type PatchOperation, type RawObject, type ResourceType } from '../kubernetes/guarded-patch.ts';
import { SUSPENDED_BY } from '../kubernetes/jobs/job-marks.ts';

const MARK = `/metadata/annotations/${SUSPENDED_BY.replace('/', '~1')}`;

/** Suspends a schedule that an object of Kubernetes keeps in `spec.suspend`, with a mark that Paramedic did, or lets it go on. */
export function scheduleSetter(config: KubeConfig, type: ResourceType): PipelineClient['pause'] {
  const objects = config.makeApiClient(CustomObjectsApi);
  return (target, { from, to }, bound, options) =>
    guardedPatch(objects, type, target, bound, options, (object) => [
      ...(object.spec.suspend === undefined && from === 'active' ? [] : [was(from)]),
      { op: 'add', path: '/spec/suspend', value: to === 'suspended' },
      ...mark(object, to, options.key),
    ]);
}

/** Where nothing is said a schedule is on, and there is nothing to test. */
function was(from: ScheduleChange['from']): PatchOperation {
  return { op: 'test', path: '/spec/suspend', value: from === 'suspended' };
}

function mark({ metadata }: RawObject, to: ScheduleChange['to'], key: string): readonly PatchOperation[] {
  if (to === 'suspended') return [{ op: 'add', path: MARK, value: key }];
  return metadata.annotations?.[SUSPENDED_BY] === undefined ? [] : [{ op: 'remove', path: MARK }];
}
