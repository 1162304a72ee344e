import { describe, expect, it } from '@jest/globals';
import { gpuFaults } from '../../../clients/kubernetes/context/gpu-faults.ts';
import type { Sample } from '../../../clients/prometheus/prometheus.ts';
import { toldMetrics } from '../told-metrics.ts';

const NOW_SECONDS = 10_000;
const asked: string[] = [];

/** Since so many seconds GPU 0 of n1 shows a code, to whom the labels say. */
const shown = (xid: number, secondsAgo: number, labels: Record<string, string> = {}): Sample => ({
  labels: { Hostname: 'n1', gpu: '0', xid: String(xid), ...labels },
  atSeconds: NOW_SECONDS,
  value: NOW_SECONDS - secondsAgo,
});

async function faults(samples: readonly Sample[], nodes: readonly string[] = ['n1']) {
  const metrics = toldMetrics({
    async vector(query) {
      asked.push(query);
      return samples;
    },
  });
  return gpuFaults(metrics, 'ml', nodes, new Set(['ranker-1']), AbortSignal.timeout(1_000));
}

const pods = async (labels: Record<string, string>) => (await faults([shown(0, 600), shown(79, 60, labels)])).map(({ pod }) => pod);

describe('what the GPUs of nodes tell', () => {
  it('is each error that came within the hour, with when it came', async () => {
    const samples = [shown(0, 3_600), shown(31, 900), shown(79, 60), shown(0, 600, { gpu: '1' }), shown(48, 300, { gpu: '1' })];
    expect(await faults(samples)).toEqual([
      { node: 'n1', gpu: '0', xid: 79, pod: null, secondsAgo: 60 },
      { node: 'n1', gpu: '1', xid: 48, pod: null, secondsAgo: 300 },
      { node: 'n1', gpu: '0', xid: 31, pod: null, secondsAgo: 900 },
    ]);
  });

  it('is not an error that stood there before, whoever has the GPU since', async () => {
    expect(await faults([shown(79, 3_600)])).toEqual([]);
    expect(await faults([shown(79, 3_600, { exported_pod: 'other-1' }), shown(79, 60, { exported_pod: 'ranker-1' })])).toEqual([]);
  });

  it('is one error where another pod has the GPU since, which is named', async () => {
    const samples = [shown(0, 3_600), shown(79, 900, { exported_pod: 'gone-1' }), shown(79, 60, { exported_pod: 'ranker-1' })];
    expect(await faults(samples)).toEqual([{ node: 'n1', gpu: '0', xid: 79, pod: 'ranker-1', secondsAgo: 900 }]);
  });

  it('names the pod by whichever labels tell it', async () => {
    expect(await pods({ exported_pod: 'ranker-1', exported_namespace: 'ml', pod: 'dcgm-exporter-1', namespace: 'gpus' })).toEqual([
      'ranker-1',
    ]);
    expect(await pods({ exported_pod: 'other-1', exported_namespace: 'shop' })).toEqual(['shop/other-1']);
    expect(await pods({ pod: 'ranker-1', namespace: 'ml' })).toEqual(['ranker-1']);
  });

  it('takes the pod of the exporter for nobody who had the GPU', async () => {
    expect(await pods({ pod: 'dcgm-exporter-1', namespace: 'gpus' })).toEqual([null]);
    expect(await pods({ pod: 'dcgm-exporter-1', namespace: 'ml' })).toEqual([null]);
    expect(await pods({ pod: 'ranker-1', namespace: 'shop' })).toEqual([null]);
  });

  it.each(['Hostname', 'node', 'kubernetes_node'])('knows the node by the label %s', async (label) => {
    const ofNode = (sample: Sample): Sample => ({ ...sample, labels: { gpu: '0', xid: sample.labels.xid ?? '', [label]: 'n1' } });
    expect(await faults([ofNode(shown(0, 600)), ofNode(shown(79, 60))])).toMatchObject([{ node: 'n1' }]);
    expect(asked.at(-1)).toContain(`DCGM_FI_DEV_XID_ERRORS{${label}=~"n1"}`);
  });

  it('is asked of the first few nodes, and not without one', async () => {
    expect(await faults([], ['a.b', 'n2', 'n3', 'n4', 'n5', 'n6'])).toEqual([]);
    expect(asked.at(-1)).toContain('{Hostname=~"a\\\\.b|n2|n3|n4|n5"}');
    const before = asked.length;
    expect(await faults([], [])).toEqual([]);
    expect(asked.length).toBe(before);
  });
});
