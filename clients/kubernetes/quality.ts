import { BatchV1Api, type KubeConfig } from '@kubernetes/client-node';
import type { QualityContext } from '../../incident/quality.ts';
import type { Target } from '../../incident/target.ts';
import type { QualityQuestions } from '../cluster.ts';
import { TargetGone } from '../failures.ts';
import type { Metrics } from '../prometheus/prometheus.ts';
import { abortedBy, openDeadline } from './deadline.ts';
import { seriesTrend } from './quality/series-trend.ts';
import { servingHistory } from './quality/serving-history.ts';
import { readTraining } from './quality/training.ts';
import { upstreamFaults } from './quality/upstream.ts';
import { reading } from './reading.ts';
import { runningReader } from './running-workload.ts';

const ANSWER_MS_MAX = 5_000;
const RUNS_MAX = 500;

/** Reads what stands around a model server whose data or predictions are complained about, all pieces at once. It never fails. */
export function qualityReader(config: KubeConfig, metrics: Metrics | null) {
  const running = runningReader(config);
  const batch = config.makeApiClient(BatchV1Api);
  return async ({ namespace, kind, name }: Target, { cronJob, query }: QualityQuestions): Promise<QualityContext> => {
    const deadline = openDeadline(ANSWER_MS_MAX);
    const options = abortedBy(deadline);
    const read = <T>(what: string, call: () => Promise<T>) => reading(what, deadline, call);
    const nowMs = Date.now();
    const faults = async () => {
      const [jobs, cronJobs] = await Promise.all([
        batch.listNamespacedJob({ namespace, limit: RUNS_MAX }, options),
        batch.listNamespacedCronJob({ namespace, limit: RUNS_MAX }, options),
      ]);
      return upstreamFaults(jobs.items, cronJobs.items, nowMs);
    };
    const history = async () => {
      const [workload] = await running({ namespace, kind, name }, options);
      if (workload === undefined) throw new TargetGone(`${kind} ${namespace}/${name} has no pods of its own, and no releases of them.`);
      return servingHistory(workload);
    };
    try {
      const [historyRead, upstream, training, trend] = await Promise.all([
        read('the releases of its pods', history),
        read(`the Jobs of namespace ${namespace}`, faults),
        cronJob === null ? null : read(`CronJob ${namespace}/${cronJob}`, () => readTraining(batch, namespace, cronJob, options)),
        query === null || metrics === null ? null : read('the series', () => seriesTrend(metrics, query, deadline.signal)),
      ]);
      return { history: historyRead, upstream, training, trend };
    } finally {
      deadline.end();
    }
  };
}
