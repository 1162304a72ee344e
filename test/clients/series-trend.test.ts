import { describe, expect, it } from '@jest/globals';
import { seriesTrend } from '../../clients/kubernetes/quality/series-trend.ts';
import type { Metrics } from '../../clients/prometheus/prometheus.ts';
import { toldMetrics } from './told-metrics.ts';

const telling = (...values: number[]) => toldMetrics({ range: async () => values.map((value, atSeconds) => ({ atSeconds, value })) });
const asked = (metrics: Metrics) => seriesTrend(metrics, 'drift', AbortSignal.timeout(1_000));

describe('how the series of a monitor went', () => {
  it('is told by where it began and ended, and between what it went', async () => {
    expect(await asked(telling(3, 1, 9, 4))).toEqual({ query: 'drift', first: 3, last: 4, lowest: 1, highest: 9 });
  });

  it('is nothing where there is no such series', async () => {
    expect(await asked(telling())).toBeNull();
  });
});
