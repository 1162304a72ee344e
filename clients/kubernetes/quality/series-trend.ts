import type { Trend } from '../../../incident/quality.ts';
import type { Metrics } from '../../prometheus/prometheus.ts';

const DAY = { backSeconds: 86_400, stepSeconds: 1_800 };

/** How a query's one series went over the last day; null where the metrics have none. */
export async function seriesTrend(metrics: Metrics, query: string, signal: AbortSignal): Promise<Trend | null> {
  const values = (await metrics.range(query, DAY, signal)).map(({ value }) => value);
  const [first] = values;
  if (first === undefined) return null;
  return { query, first, last: values.at(-1)!, lowest: Math.min(...values), highest: Math.max(...values) };
}
