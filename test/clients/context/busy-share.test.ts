import { describe, expect, it } from '@jest/globals';
import { busyShare } from '../../../clients/kubernetes/context/busy-share.ts';
import type { WorkloadKind } from '../../../incident/target.ts';
import { toldMetrics } from '../told-metrics.ts';

const asked: string[] = [];
const answering = (number: number | null) =>
  toldMetrics({
    async value(query) {
      asked.push(query);
      return number;
    },
  });
const share = (number: number | null, name = 'ranker', kind: WorkloadKind = 'Deployment') =>
  busyShare(answering(number), { kind, namespace: 'ml', name }, AbortSignal.timeout(1_000));

describe('busyShare()', () => {
  it('sets the CPU that the pods of one Deployment use against what they ask for', async () => {
    expect(await share(0.95)).toEqual({ what: 'the use of the CPU that its pods ask for', share: 0.95 });
    const pods = 'namespace="ml",pod=~"ranker-[a-z0-9]+-[a-z0-9]{5}"';
    expect(asked.at(-1)).toBe(
      `sum(rate(container_cpu_usage_seconds_total{${pods},container!=""}[5m])) / sum(kube_pod_container_resource_requests{${pods},resource="cpu"})`,
    );
  });

  it('takes the pods of a StatefulSet for those that are called after it and a number', async () => {
    await share(1, 'ranker', 'StatefulSet');
    expect(asked.at(-1)).toContain('pod=~"ranker-[0-9]+"');
  });

  it('takes a dot in a name for a dot', async () => {
    await share(1, 'ranker.v2');
    expect(asked.at(-1)).toContain('pod=~"ranker\\\\.v2-');
  });

  it('says nothing where no metrics know the pods', async () => {
    expect(await share(null)).toBeNull();
  });
});
