import type { Metrics } from '../../clients/prometheus/prometheus.ts';

/** A server of metrics that knows of nothing but what is given. */
export function toldMetrics(told: Partial<Metrics>): Metrics {
  return { check: async () => undefined, vector: async () => [], value: async () => null, range: async () => [], ...told };
}
