import { describe, expect, it } from '@jest/globals';
import { endpointsIn, isMeant, portsOf } from '../../../clients/kubernetes/context/services.ts';
import { lastWritten } from '../../../clients/kubernetes/context/written.ts';
import { face } from '../../paths.ts';

describe('a Service', () => {
  const newest = face({ labels: { app: 'ranker', role: 'serving' } });
  const previous = face({ labels: { app: 'ranker', role: 'server' } });
  it.each([
    [true, 'it selects the pods', 'x', {}, { app: 'ranker' }],
    [true, 'it selected those of the release before', 'x', {}, { role: 'server' }],
    [true, 'it has the name of the target', 'ranker', {}, { app: 'rnker' }],
    [true, 'it has the label of the target', 'x', { app: 'ranker' }, { app: 'rnker' }],
    [false, 'it selects others', 'x', {}, { app: 'other' }],
    [false, 'it has no selector', 'ranker', {}, undefined],
    [false, 'it has an empty selector', 'ranker', {}, {}],
  ])('means the target: %s, where %s', (meant, _where, name, labels, selector) => {
    const service = { metadata: { name, labels }, spec: { ...(selector && { selector: selector as Record<string, string> }) } };
    expect(isMeant(service, 'ranker', newest, previous)).toBe(meant);
  });

  it('goes to its own port where it says nothing else', () => {
    const ports = [{ port: 80 }, { port: 81, targetPort: 8081, name: 'x', protocol: 'UDP' }];
    expect(portsOf({ spec: { ports } })).toEqual([
      { name: null, number: 80, target: 80, protocol: 'TCP' },
      { name: 'x', number: 81, target: 8081, protocol: 'UDP' },
    ]);
  });

  it('counts a pod with two addresses once, and one of which nothing is known as ready', () => {
    const pod = (uid: string, ready?: boolean) => ({
      addresses: ['10.0.0.1'],
      targetRef: { uid },
      ...(ready !== undefined && { conditions: { ready } }),
    });
    const slice = (...endpoints: ReturnType<typeof pod>[]) => ({ addressType: 'IPv4', endpoints });
    expect(endpointsIn([slice(pod('a', true), pod('b', false)), slice(pod('a', true), pod('c'))])).toEqual({ ready: 2, notReady: 1 });
  });
});

describe('when an object was last written', () => {
  it('is told by whoever wrote its text, and not by who wrote its status', () => {
    const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds));
    const managedFields = [
      { manager: 'helm', time: at(1) },
      { manager: 'kubectl-edit', time: at(5) },
      { manager: 'controller', subresource: 'status', time: at(9) },
    ];
    expect(lastWritten({ creationTimestamp: at(1), managedFields })).toEqual({ changedMs: at(5).getTime(), manager: 'kubectl-edit' });
    expect(lastWritten({ creationTimestamp: at(1) })).toEqual({ changedMs: at(1).getTime(), manager: null });
  });
});
