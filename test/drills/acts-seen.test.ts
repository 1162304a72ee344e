import { describe, expect, it } from '@jest/globals';
import type { Objects, RawObject } from '../../clients/kubernetes/any-objects.ts';
import { actsSeen } from '../../drills/acts-seen.ts';
import { Drill } from '../../drills/schema.ts';

const at = (kind: string, name: string) => ({ apiVersion: kind === 'Deployment' ? 'apps/v1' : 'networking.k8s.io/v1', kind, name });
const drill = Drill.parse({
  name: 'a',
  failureType: 'podCrash',
  setup: [
    { ...at('Deployment', 'a'), name: undefined, metadata: { name: 'a' } },
    { ...at('NetworkPolicy', 'kept'), name: undefined, metadata: { name: 'kept' } },
    { ...at('NetworkPolicy', 'dropped'), name: undefined, metadata: { name: 'dropped' } },
  ],
  fault: [{ delete: at('NetworkPolicy', 'dropped') }],
  alert: { name: 'A', labels: {} },
  target: { kind: 'Deployment', name: 'a' },
  expect: { cause: 'flake', end: 'handedOver' },
  check: [{ ready: { kind: 'Deployment', name: 'a' } }],
});

const object = (kind: string, name: string, ...managers: readonly string[]): RawObject => ({
  apiVersion: '',
  kind,
  metadata: { name, managedFields: managers.map((manager) => ({ manager })) },
});
const seen = (...there: readonly RawObject[]) => {
  const objects: Pick<Objects, 'list'> = {
    list: async (_version, kind, selector) => (selector === 'paramedic.dev/drill=mine' ? there.filter((one) => one.kind === kind) : []),
  };
  return actsSeen(objects, 'mine', drill);
};

describe('what Paramedic changed of a drill, by the cluster', () => {
  it('is nothing where only the drill and controllers wrote', async () => {
    const quiet = [
      object('Deployment', 'a', 'paramedic-drill', 'kube-controller-manager'),
      object('NetworkPolicy', 'kept', 'paramedic-drill'),
    ];
    expect(await seen(...quiet)).toEqual([]);
  });

  it('is what the API server says it wrote, and what is not there any more that nobody else took away', async () => {
    expect(await seen(object('Deployment', 'a', 'paramedic-drill', 'paramedic'))).toEqual([
      { verb: 'patch', resource: 'deployments', name: 'a' },
      { verb: 'delete', resource: 'networkpolicies', name: 'kept' },
    ]);
  });
});
