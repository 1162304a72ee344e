import type { KubeConfig } from '@kubernetes/client-node';
import type { PipelineClient } from '../../cluster.ts';
import { Refused } from '../../failures.ts';
import type { NodeZones } from '../node-zones.ts';
import { runMaker } from './make-run.ts';
import { cronJobObserver, jobObserver } from './observe-jobs.ts';
import { scheduleSetter } from './set-schedule.ts';

/** Jobs or CronJobs, which the cluster itself runs. */
export function jobPipeline(config: KubeConfig, kind: 'Job' | 'CronJob', zones: NodeZones): PipelineClient {
  const setRun = runMaker(config);
  return {
    observe: kind === 'Job' ? jobObserver(config, zones) : cronJobObserver(config, zones),
    async retry(target, change, bound, options) {
      if (change.kind === 'sameRun') throw new Refused(`A ${kind} that failed does not go on; ${target.name} can only be run anew.`);
      return setRun(target, change, bound, options);
    },
    pause: scheduleSetter(config),
  };
}
