import { describe, expect, it } from '@jest/globals';
import { killedIn, longestStretch, memoryTrend } from '../../clients/kubernetes/context/memory-trend.ts';
import { evidence, OOM_KILLED, sickPod } from '../evidence.ts';
import { toldMetrics } from './told-metrics.ts';

const MI = 2 ** 20;

describe('how the memory of a killed container grew', () => {
  it('is asked of its own series, in mebibytes since its last start', async () => {
    const asked: string[] = [];
    const metrics = toldMetrics({
      async range(query) {
        asked.push(query);
        return [50, 20, 30].map((mi, step) => ({ atSeconds: 1_000 + step * 300, value: mi * MI }));
      },
      async vector(query) {
        asked.push(query);
        const isGrowth = query.includes('deriv');
        const ofPod = (pod: string, mi: number) => ({ labels: { pod }, atSeconds: 1, value: mi * MI });
        return isGrowth ? [ofPod('ranker-2', 40)] : [ofPod('ranker-1', 5), ofPod('ranker-2', 90)];
      },
    });
    const killed = killedIn(evidence({ pods: [sickPod({ exit: OOM_KILLED })] }));
    expect(killed).toEqual({ pod: 'ranker-1', container: 'main' });
    expect(await memoryTrend(metrics, 'ml', killed!, ['ranker-1', 'ranker.2'], AbortSignal.timeout(1_000))).toEqual({
      pod: 'ranker-1',
      container: 'main',
      samples: [
        { atSeconds: 300, usedMi: 20 },
        { atSeconds: 600, usedMi: 30 },
      ],
      now: [{ pod: 'ranker-2', usedMi: 90, perHourMi: 40 }],
    });
    const ofAll = 'container_memory_working_set_bytes{namespace="ml",pod=~"ranker-1|ranker\\\\.2",container="main"}';
    expect(asked).toEqual([
      'max(container_memory_working_set_bytes{namespace="ml",pod="ranker-1",container="main"})',
      `max by (pod) (${ofAll})`,
      `max by (pod) (deriv(${ofAll}[1h])) * 3600`,
    ]);
  });

  it('is nothing where there is no such series, and not asked of what was not killed', async () => {
    expect(await memoryTrend(toldMetrics({}), 'ml', { pod: 'a', container: 'b' }, ['a'], AbortSignal.timeout(1_000))).toBeNull();
    expect(killedIn(evidence({}))).toBeNull();
  });

  it('is told by the longest stretch between two starts', () => {
    const at = (...used: number[]) => used.map((usedMi, atSeconds) => ({ atSeconds, usedMi }));
    expect(longestStretch(at(10, 100, 20, 30, 40, 35, 9)).map(({ usedMi }) => usedMi)).toEqual([20, 30, 40, 35]);
    expect(longestStretch([])).toEqual([]);
  });
});
