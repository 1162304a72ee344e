import { describe, expect, it } from '@jest/globals';
import { handsOff } from '../../../clients/kubernetes/surroundings/hands-off.ts';
import { type Marked, managedBy } from '../../../clients/kubernetes/surroundings/managed-by.ts';

const ARGO_TRACKED: Marked = { annotations: { 'argocd.argoproj.io/tracking-id': 'shop:apps/Deployment:ml/ranker' } };
const ARGO_LABELLED: Marked = { labels: { 'argocd.argoproj.io/instance': 'shop' } };
const KUSTOMIZED: Marked = { labels: { 'kustomize.toolkit.fluxcd.io/name': 'apps' } };
const HELM_RELEASED: Marked = { labels: { 'helm.toolkit.fluxcd.io/name': 'ranker' } };
const HELM: Marked = {
  labels: { 'app.kubernetes.io/managed-by': 'Helm' },
  annotations: { 'meta.helm.sh/release-name': 'ranker' },
};

describe('the tool that keeps an object', () => {
  it.each([
    ['Argo CD', 'shop', ARGO_TRACKED],
    ['Argo CD', 'shop', ARGO_LABELLED],
    ['Flux', 'apps', KUSTOMIZED],
    ['Flux', 'ranker', HELM_RELEASED],
    ['Helm', 'ranker', HELM],
  ] as const)('is %s, under the name %s', (tool, name, object) => {
    expect(managedBy([object])).toEqual({ tool, name });
  });

  it('is also told by the marks of an owner', () => {
    expect(managedBy([{}, KUSTOMIZED])).toEqual({ tool: 'Flux', name: 'apps' });
  });

  it('is the one that runs Helm, rather than Helm', () => {
    expect(managedBy([HELM, HELM_RELEASED])?.tool).toBe('Flux');
    expect(managedBy([HELM, KUSTOMIZED, ARGO_LABELLED])?.tool).toBe('Argo CD');
  });

  it('is none where a chart was only rendered, or nothing is marked', () => {
    expect(managedBy([{ labels: { 'app.kubernetes.io/managed-by': 'Helm' } }])).toBeNull();
    expect(managedBy([{}])).toBeNull();
  });
});

describe('an opt-out annotation', () => {
  it.each([['we are debugging this'], [''], ['true'], ['False'], ['false, I think']])('that says %j opts out', (said) => {
    expect(handsOff({ 'paramedic.dev/hands-off': said })).toBe(said);
  });

  it('is cut and cleaned of secrets, since it is told to people', () => {
    expect(handsOff({ 'paramedic.dev/hands-off': `token=hunter2 ${'x'.repeat(1000)}` })).toMatch(/^token=\[redacted\] x{283}…$/);
  });

  it('that says exactly false, or is not there, does not', () => {
    expect(handsOff({ 'paramedic.dev/hands-off': 'false' })).toBeNull();
    expect(handsOff({})).toBeNull();
    expect(handsOff(undefined)).toBeNull();
  });
});
