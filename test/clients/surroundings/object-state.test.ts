import { describe, expect, it } from '@jest/globals';
import type { Owner } from '../../../clients/kubernetes/owners.ts';
import type { Workload } from '../../../clients/kubernetes/surroundings/namespace-workloads.ts';
import { objectState, TargetObject } from '../../../clients/kubernetes/surroundings/object-state.ts';
import type { Target } from '../../../incident/target.ts';

const TARGET: Target = { cluster: 'test', namespace: 'ml', kind: 'Deployment', name: 'churn-predictor' };
const object = TargetObject.parse({ metadata: { uid: 'u1', generation: 3, resourceVersion: '17' }, spec: {} });
const owner = (kind: string, annotations: Record<string, string> = {}): Owner => ({ kind, name: 'churn', metadata: { annotations } });
const owned = (change: Partial<Workload> = {}): Workload => ({
  kind: 'Deployment',
  name: 'churn-predictor',
  uid: 'u2',
  owners: ['u1'],
  replicasWanted: 1,
  paused: false,
  ...change,
});

describe('a target', () => {
  it('is related to its owners and to what it owns, of the kinds that are healed', () => {
    const { related } = objectState(TARGET, object, [owner('ReplicaSet'), owner('InferenceService')], [owned({ name: 'other' })]);
    expect(related).toEqual(['ml/Deployment/other', 'ml/InferenceService/churn']);
  });

  it('is opted out by an owner, and by its own word first', () => {
    const asked = (own: Record<string, string>) =>
      objectState(
        TARGET,
        { ...object, metadata: { ...object.metadata, annotations: own } },
        [owner('InferenceService', { 'paramedic.dev/hands-off': 'theirs' })],
        [],
      ).optOut;
    expect(asked({})).toBe('theirs');
    expect(asked({ 'paramedic.dev/hands-off': 'own' })).toBe('own');
  });

  it('is kept by the tool that keeps its owner', () => {
    const kept = owner('InferenceService', { 'argocd.argoproj.io/tracking-id': 'shop:serving.kserve.io/InferenceService:ml/churn' });
    expect(objectState(TARGET, object, [kept], []).managedBy).toEqual({ tool: 'Argo CD', name: 'shop' });
  });

  it('is held by whoever paused its rollout, or that of a Deployment it owns', () => {
    const held = (paused: boolean, own: boolean) =>
      objectState(TARGET, { ...object, spec: { paused, suspend: false } }, [], [owned({ paused: own })]).heldByPerson;
    expect(held(true, false)).toBe('its rollout is paused');
    expect(held(false, true)).toBe('the rollout of its Deployment churn-predictor is paused');
    expect(held(false, false)).toBeNull();
  });
});
