import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { namedAnew } from '../../drills/named-anew.ts';
import { readPack } from '../../drills/read-pack.ts';
import { Drill } from '../../drills/schema.ts';

const DEPLOYMENT = { apiVersion: 'apps/v1', kind: 'Deployment' };
const SERVICE = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' } };

const drill = Drill.parse({
  name: 'a',
  failureType: 'podCrash',
  setup: [
    {
      ...DEPLOYMENT,
      metadata: { name: 'a', labels: { app: 'a' } },
      spec: { template: { spec: { containers: [{ name: 'a', image: 'a:1' }] } } },
    },
    SERVICE,
    {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'a' },
      spec: { scaleTargetRef: { kind: 'Deployment', name: 'a' } },
    },
  ],
  fault: [{ patch: { ...DEPLOYMENT, name: 'a', merge: {} } }, { until: { notReady: { kind: 'Deployment', name: 'a' } } }],
  alert: { name: 'A', labels: { deployment: 'a', pod: 'a-0', severity: 'page' } },
  target: { kind: 'Deployment', name: 'a' },
  expect: { cause: 'flake', end: 'handedOver' },
  check: [
    { ready: { kind: 'Deployment', name: 'a' } },
    { equals: { ...DEPLOYMENT, name: 'a', path: 'b', value: 'a' } },
    { exists: { apiVersion: 'v1', kind: 'Service', name: 'a' } },
  ],
  mayChange: [
    { kind: 'Deployment', name: 'a' },
    { kind: 'NetworkPolicy', name: 'a' },
  ],
});

describe('a drill whose workloads are named anew', () => {
  it('calls a workload so wherever it is meant, and nothing else of its name', () => {
    const anew = namedAnew(drill, '01a2263a-01a22');
    expect(anew.setup.map(({ create }) => create?.metadata.name)).toEqual(['a-01a22', 'a', 'a']);
    expect(anew.setup[0]?.create).toMatchObject({
      metadata: { labels: { app: 'a' } },
      spec: { template: { spec: { containers: [{ name: 'a' }] } } },
    });
    expect(anew.setup[2]?.create).toMatchObject({ spec: { scaleTargetRef: { name: 'a-01a22' } } });
    expect(anew.fault).toMatchObject([{ patch: { name: 'a-01a22' } }, { until: { notReady: { name: 'a-01a22' } } }]);
    expect(anew.alert?.labels).toEqual({ deployment: 'a-01a22', pod: 'a-01a22-0', severity: 'page' });
    expect(anew.target.name).toBe('a-01a22');
    expect(anew.check).toMatchObject([
      { ready: { name: 'a-01a22' } },
      { equals: { name: 'a-01a22', value: 'a' } },
      { exists: { name: 'a' } },
    ]);
    expect(anew.mayChange).toEqual([
      { kind: 'Deployment', name: 'a-01a22' },
      { kind: 'NetworkPolicy', name: 'a' },
    ]);
  });

  it('is one that makes what its alert and its target name, of all that are shipped', () => {
    for (const { file, ...one } of readPack(Drill, join(import.meta.dirname, '..', '..', 'drills', 'pack'))) {
      const anew = namedAnew(one, '01a2263a-01a22');
      const made = anew.setup.flatMap(({ create }) => (create ? [`${create.kind} ${create.metadata.name}`] : []));
      expect({ file, made }).toEqual({ file, made: expect.arrayContaining([`${anew.target.kind} ${anew.target.name}`]) });
      const named = Object.values(anew.alert?.labels ?? { deployment: anew.target.name });
      expect({ file, named: named.some((label) => label.includes('-01a22')) }).toEqual({ file, named: true });
    }
  });
});
