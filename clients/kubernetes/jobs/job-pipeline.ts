import type { KubeConfig } from '@kubernetes/client-node';
import type { PipelineClient } from '../../cluster.ts';
import { Refused } from '../../failures.ts';
import { hasCondition, runMaker } from '../../pipelines/make-run.ts';
import { scheduleSetter } from '../../pipelines/set-schedule.ts';
import type { NodeZones } from '../node-zones.ts';
import { CRON_JOBS, JOBS } from './job-marks.ts';
import { jobOf } from './job-template.ts';
import { cronJobObserver, jobObserver } from './observe-jobs.ts';

/** Jobs or CronJobs, which the cluster itself runs. */
export function jobPipeline(config: KubeConfig, kind: 'Job' | 'CronJob', zones: NodeZones): PipelineClient {
  const setRun = runMaker(config, {
    kind,
    type: kind === 'Job' ? JOBS : CRON_JOBS,
    run: { kind: 'Job', type: JOBS },
    make: (source, run, key) => jobOf(kind, source, run, key),
    hasEnded: (job) => hasCondition(job, 'Complete', 'Failed'),
  });
  const setSchedule = scheduleSetter(config, CRON_JOBS);
  return {
    observe: kind === 'Job' ? jobObserver(config, zones) : cronJobObserver(config, zones),
    async retry(target, change, bound, options) {
      if (change.kind === 'sameRun') throw new Refused(`A ${kind} that failed does not go on; ${target.name} can only be run anew.`);
      return setRun(target, change, bound, options);
    },
    async pause(target, change, bound, options) {
      if (kind === 'Job') throw new Refused(`A Job has no schedule; that of ${target.name} cannot be set.`);
      return setSchedule(target, change, bound, options);
    },
  };
}
