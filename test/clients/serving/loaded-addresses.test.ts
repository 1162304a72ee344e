import { describe, expect, it } from '@jest/globals';
import type { V1Pod } from '@kubernetes/client-node';
import type { WorkloadRead } from '../../../clients/kubernetes/read-workload.ts';
import { loadedBy, servedBy } from '../../../clients/serving/loaded-addresses.ts';

const noted = (address: string) => ({ metadata: { annotations: { 'internal.serving.kserve.io/storage-initializer-sourceuri': address } } });
const pod = (spec: Partial<NonNullable<V1Pod['spec']>>) => ({ spec: { containers: [], ...spec } });
const fetcher = (...args: string[]) => pod({ initContainers: [{ name: 'storage-initializer', args }] });
const mounted = { name: 'server', volumeMounts: [{ name: 'model', mountPath: '/mnt/models', subPath: 'churn/2' }] };

describe('what a pod of KServe loads', () => {
  it.each([
    ['is what its controller notes on it', noted('s3://models/churn/2'), ['s3://models/churn/2']],
    ['is a path where a Secret tells the rest', noted('<scheme-placeholder>://models/churn/2'), ['models/churn/2']],
    ['is each address that is fetched', fetcher('s3://a/1', '/mnt/models/a', 's3://b/1', '/mnt/models/b'), ['s3://a/1', 's3://b/1']],
    ['is the model alone, and no adapter', fetcher('hf://llama', '/mnt/models', 's3://lora/1', '/mnt/lora/1'), ['hf://llama']],
    [
      'is the image that carries it',
      pod({ containers: [{ name: 'modelcar', image: 'registry.example/churn:2' }] }),
      ['oci://registry.example/churn:2'],
    ],
    [
      'is the image that is mounted',
      pod({ volumes: [{ name: 'model', image: { reference: 'registry.example/churn:2' } }] }),
      ['oci://registry.example/churn:2'],
    ],
    [
      'is what is mounted of a volume',
      pod({ containers: [mounted], volumes: [{ name: 'model', persistentVolumeClaim: { claimName: 'models' } }] }),
      ['pvc://models/churn/2'],
    ],
    ['is nothing that can be seen where none of this is', pod({}), []],
  ])('%s', (_title, seen, addresses) => {
    expect(loadedBy(seen)).toEqual(addresses);
  });

  it('counts as served only of ready pods that are not being deleted, each address once', () => {
    const ready = { status: { conditions: [{ type: 'Ready', status: 'True' }] } };
    const pods = [
      { ...noted('a'), ...ready },
      { ...noted('a'), ...ready },
      noted('b'),
      { metadata: { ...noted('c').metadata, deletionTimestamp: new Date() }, ...ready },
    ];
    expect(servedBy([{ pods } as unknown as WorkloadRead, null])).toEqual(['a']);
  });
});
