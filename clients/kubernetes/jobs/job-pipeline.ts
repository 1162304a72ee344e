import type { KubeConfig } from '@kubernetes/client-node';
import type { PipelineClient } from '../../cluster.ts';
import { hasCondition, runMaker } from '../../pipelines/make-run.ts';
import { noSchedule, runAnew } from '../../pipelines/run-anew.ts';
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
  return {
    observe: kind === 'Job' ? jobObserver(config, zones) : cronJobObserver(config, zones),
    retry: runAnew(kind, setRun),
    pause: kind === 'Job' ? noSchedule(kind) : scheduleSetter(config, CRON_JOBS),
  };
}
