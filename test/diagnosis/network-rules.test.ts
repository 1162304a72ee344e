import { describe, expect, it } from '@jest/globals';
import { diagnose } from '../../diagnosis/diagnose.ts';
import { healthBy } from '../../diagnosis/health-by.ts';
import { suspectsAround } from '../../diagnosis/suspects-around.ts';
import type { CauseKind } from '../../incident/cause.ts';
import { type Context, QUIET_CONTEXT } from '../../incident/context.ts';
import { evidence, failingModelServer, modelServer, OOM_KILLED, pendingPod, readyPod, sickPod } from '../evidence.ts';
import { around, dependency, face, minutesAgo, NOBODY_IN, NOTHING_OUT, NOW_MS, paths, policy, service, unreadable } from '../paths.ts';

const healthy = evidence({});
const read = <T>(value: T) => ({ kind: 'read' as const, value });
const relabelled = {
  newest: face({ labels: { app: 'ranker', role: 'serving' } }),
  previous: face({ labels: { app: 'ranker', role: 'server' } }),
};
const unselected = service({ selector: { app: 'ranker', role: 'server' }, selected: 0, ready: 0 });
const toMetrics = service({ ports: [{ name: 'http', number: 80, target: 'metrics', protocol: 'TCP' }] });
const to9000 = { name: 'http', number: 80, target: 9000, protocol: 'TCP' };
const ONLY_DNS = { ...NOTHING_OUT, egress: [{ ports: [{ port: 53, protocol: 'UDP' }, { port: 53 }] }] };
const EXPIRED = { ...readyPod('ranker-1'), ready: false, certificateExpired: true };
const down = dependency({ ready: 0, workload: { kind: 'Deployment', name: 'features', wanted: 0, ready: 0 } });
const dns = (ready: number): Context => ({ ...around(), dns: read({ kind: 'Deployment', name: 'coredns', wanted: 2, ready }) });
const certificate = (notAfterMs: number): Context => ({
  ...around(),
  certificates: read([{ name: 'ranker', secret: 'ranker-tls', usedBy: 'Ingress ranker', notAfterMs }]),
});
const says = (message: string): Context => ({
  ...around(),
  events: read([{ about: 'Ingress/ranker', reason: 'Failed', message, count: 1, lastMs: NOW_MS, firstMs: NOW_MS }]),
});
const outOfMemory = evidence({ replicasReady: 0, pods: [sickPod({ exit: OOM_KILLED })] });
const silent = evidence({ replicasWanted: 2, replicasUpdated: 2, pods: [readyPod('ranker-0'), { ...readyPod('ranker-1'), ready: false }] });
const silentFor = (minutes: number) => around({ silent: [{ name: 'ranker-1', sinceMs: minutesAgo(minutes) }] });
const notReady = evidence({ replicasReady: 0, pods: [{ ...readyPod('ranker-1'), ready: false }] });

describe('the cause of a failure on the network', () => {
  it.each<[CauseKind, string, Context, ReturnType<typeof evidence>?]>([
    ['transient', 'all is well', around()],
    ['transient', 'there is no Service of it', around({ services: [] })],
    [
      'policy-cuts-path',
      'a policy lets it out to the DNS alone, and what it needs is behind a port that has a name',
      around({ policies: [policy('egress', ONLY_DNS)] }, [dependency({ port: { ...to9000, target: 'http' } })]),
    ],
    [
      'selector-matches-nothing',
      'a release took a label away that its Service asks for',
      around({ ...relabelled, services: [unselected] }),
    ],
    [
      'selector-matches-nothing',
      'its Service was changed by hand',
      around({ services: [service({ selector: { app: 'rnker' }, selected: 0 })] }),
    ],
    [
      'transient',
      'its Service was switched to the pods of another',
      around({ services: [service({ selector: { app: 'blue' }, selected: 2 })] }),
    ],
    ['wrong-target-port', 'its Service names a port that no container has', around({ services: [toMetrics] })],
    [
      'wrong-target-port',
      'a release took the port away',
      around({ newest: face({ ports: [{ name: 'http', number: 8081, protocol: 'TCP' }] }) }),
    ],
    [
      'wrong-target-port',
      'its Service was changed since the release to a port that is not declared',
      around({ services: [service({ ports: [to9000], changedMs: minutesAgo(3) })] }),
    ],
    ['transient', 'its Service always went to a port that is not declared', around({ services: [service({ ports: [to9000] })] })],
    [
      'transient',
      'its Service was changed, and no port is declared at all',
      around({ newest: face({ ports: [] }), previous: null, services: [service({ ports: [to9000], changedMs: minutesAgo(3) })] }),
    ],
    ['policy-cuts-path', 'a policy since lets nobody in', around({ policies: [policy('deny', NOBODY_IN)] })],
    [
      'policy-cuts-path',
      'a policy of old lets nobody in',
      around({ policies: [policy('deny', NOBODY_IN, { changedMs: minutesAgo(500) })] }),
    ],
    ['policy-cuts-path', 'a policy lets nothing out to what it needs', around({ policies: [policy('deny', NOTHING_OUT)] }, [dependency()])],
    ['transient', 'a policy lets nothing out, and it needs nothing', around({ policies: [policy('deny', NOTHING_OUT)] })],
    ['transient', 'a policy lets nobody in, and nobody could come', around({ services: [], policies: [policy('deny', NOBODY_IN)] })],
    ['dependency-down', 'nobody answers behind what it needs', around({}, [down])],
    ['transient', 'what it needs answers', around({}, [dependency()])],
    ['dns-down', 'no pod of the DNS is ready', dns(0)],
    ['transient', 'a pod of the DNS is ready', dns(1)],
    ['certificate-expired', 'its readiness says that a certificate is over', around(), evidence({ replicasReady: 0, pods: [EXPIRED] })],
    ['certificate-expired', 'its certificate ended', certificate(minutesAgo(1))],
    ['transient', 'its certificate is valid for a minute more', certificate(minutesAgo(-1))],
    ['certificate-expired', 'somebody met the certificate', says('x509: certificate has expired or is not yet valid')],
    ['transient', 'somebody says something else', says('connection refused')],
    ['flake', 'one pod of two runs and has long not been ready', silentFor(5), silent],
    ['rolling-out', 'one pod of two has begun just now', silentFor(1), silent],
    ['no-endpoints', 'its pods are not ready, and nothing says why', around({ services: [service({ ready: 0, notReady: 1 })] }), notReady],
    ['memory-limit-too-low', 'its pods fail for a reason of their own', around({ services: [service({ ready: 0 })] }), outOfMemory],
    [
      'memory-limit-too-low',
      'its pods fail, and a policy has always been there',
      around({ policies: [policy('deny', NOBODY_IN, { changedMs: minutesAgo(500) })] }),
      outOfMemory,
    ],
    ['dependency-down', 'its pods fail, and so does what they need', around({}, [down]), outOfMemory],
    ['rolling-out', 'its pods begin', around({ services: [] }), evidence({ replicasReady: 0, pods: [pendingPod('ranker-1')] })],
  ])('is %s when %s', (cause, _when, context, seen = healthy) => {
    expect(diagnose(seen, context, { measure: 'paths' }).cause).toBe(cause);
  });

  it('is certain of a policy that came since the release, and not of one that was always there', () => {
    const confidence = (changedMs: number) =>
      diagnose(healthy, around({ policies: [policy('deny', NOBODY_IN, { changedMs })] }), { measure: 'paths' }).confidence;
    expect([confidence(minutesAgo(5)), confidence(minutesAgo(500))]).toEqual(['certain', 'possible']);
  });

  it('is none of what cannot be read, and then it is not transient either (safety 18)', () => {
    for (const piece of ['paths', 'dependencies'] as const) {
      const context = { ...around({ services: [toMetrics] }, [down]), paths: read(paths()), [piece]: unreadable };
      expect(diagnose(healthy, context, { measure: 'paths' })).toMatchObject({ cause: piece === 'paths' ? 'dependency-down' : 'unknown' });
    }
    const blind = { ...QUIET_CONTEXT, paths: unreadable, dependencies: unreadable, dns: unreadable, certificates: unreadable };
    const { cause, reasons } = diagnose(healthy, blind, { measure: 'paths' });
    expect({ cause, reason: reasons.join() }).toEqual({ cause: 'unknown', reason: expect.stringContaining('answers 403') });
  });

  it('of a model server is looked for on its paths, and then in its model', () => {
    expect(diagnose(modelServer({}), around({ policies: [policy('deny', NOBODY_IN)] }), { measure: 'paths' }).cause).toBe(
      'policy-cuts-path',
    );
    expect(diagnose(failingModelServer(), around({ services: [] }), { measure: 'paths' }).cause).toBe('bad-model-version');
  });

  it('is not looked for on the paths where pods are the measure', () => {
    expect(diagnose(healthy, around({ services: [toMetrics] }, [down])).cause).toBe('healthy');
    expect(diagnose(outOfMemory, around({ services: [toMetrics] }, [down])).cause).toBe('memory-limit-too-low');
  });
});

describe('the reason', () => {
  const reason = (context: Context) => diagnose(healthy, context, { measure: 'paths' }).reasons.join(' ');

  it('gives the command that lets the Service select the pods as they are', () => {
    expect(reason(around({ ...relabelled, services: [unselected] }))).toContain(
      `kubectl -n ml patch service ranker --type=merge -p '{"spec":{"selector":{"app":"ranker","role":"serving"}}}'`,
    );
  });

  it('gives the command that takes a label away which no pod has, and that selects by the target’s own labels where none is left', () => {
    const selecting = (selector: Record<string, string>) => around({ services: [service({ selector, selected: 0 })] });
    expect(reason(selecting({ app: 'x', zone: 'a' }))).toContain('{"spec":{"selector":{"app":"ranker","zone":null}}}');
    expect(reason(selecting({ zone: 'a' }))).toContain('{"spec":{"selector":{"zone":null,"app":"ranker"}}}');
  });

  it('gives the command that sends the Service to the port that is there', () => {
    expect(reason(around({ services: [toMetrics] }))).toContain(
      `kubectl -n ml patch service ranker --type=json -p '[{"op":"replace","path":"/spec/ports/0/targetPort","value":"http"}]'`,
    );
  });

  it('says that it cannot tell which of several ports is meant', () => {
    const two = face({ ports: [1, 2].map((number) => ({ name: null, number, protocol: 'TCP' })) });
    expect(reason(around({ newest: two, previous: null, services: [toMetrics] }))).toContain('Which port is meant cannot be told.');
  });

  it('gives the command that lets one path through a policy, in either direction', () => {
    expect(reason(around({ policies: [policy('deny', NOBODY_IN)] }))).toContain(
      `kubectl -n ml patch networkpolicy deny --type=json -p '[{"op":"add","path":"/spec/ingress","value":[{"ports":[{"port":8080,"protocol":"TCP"}]}]}]'`,
    );
    expect(reason(around({ policies: [policy('deny', { ...NOTHING_OUT, egress: [] })] }, [dependency()]))).toContain(
      `'[{"op":"add","path":"/spec/egress/-","value":{"to":[{"namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"ml"}},"podSelector":{"matchLabels":{"app":"features"}}}],"ports":[{"port":9090,"protocol":"TCP"}]}}]'`,
    );
  });

  it('names who wrote the policy, when, and what applies beside it', () => {
    const context = around({ policies: [policy('deny', NOBODY_IN), policy('old', NOBODY_IN, { changedMs: minutesAgo(99) })] });
    expect(reason(context)).toContain('NetworkPolicy deny, written by kubectl-create 5 minutes ago');
    expect(reason(context)).toContain('Beside it apply old.');
  });

  it('names what makes the pods that a dependency has not', () => {
    expect(reason(around({}, [down]))).toBe(
      'Its pod template names Service ml/features, which has no ready endpoint: Deployment ml/features is scaled to zero.',
    );
  });
});

describe('health by paths', () => {
  it.each<[string, Context]>([
    ['a Service selects nothing', around({ services: [unselected] })],
    ['a Service goes to no port', around({ services: [toMetrics] })],
    ['a Service has no ready endpoint', around({ services: [service({ ready: 0 })] })],
    ['nobody is let in', around({ policies: [policy('deny', NOBODY_IN)] })],
    ['nothing is let out to what it needs', around({ policies: [policy('deny', NOTHING_OUT)] }, [dependency()])],
  ])('is not recovered while %s, however ready the pods (safety 19)', (_case, context) => {
    expect(healthBy('paths', healthy, context).kind).toBe('notRecovered');
    expect(healthBy('pods', healthy, context).kind).toBe('recovered');
  });

  it('is unknown where the paths cannot be read or were not looked at (safety 18)', () => {
    for (const context of [{ ...around(), paths: unreadable }, { ...around(), dependencies: unreadable }, QUIET_CONTEXT])
      expect(healthBy('paths', healthy, context).kind).toBe('unknown');
  });

  it('is recovered when pods are ready and paths are there', () => {
    expect(healthBy('paths', healthy, around()).kind).toBe('recovered');
    expect(healthBy('paths', notReady, around()).kind).toBe('notRecovered');
  });
});

describe('what a target depends on', () => {
  it('is suspected when it is down, and so is the DNS', () => {
    expect(suspectsAround({ ...dns(0), dependencies: read([dependency({ service: 'cache' }), down, down]) })).toEqual([
      { kind: 'dependency', name: 'kube-system/coredns' },
      { kind: 'dependency', name: 'ml/features' },
    ]);
  });

  it('is not suspected when it answers or cannot be read', () => {
    expect(suspectsAround({ ...dns(1), dependencies: read([dependency()]) })).toEqual([]);
    expect(suspectsAround({ dns: unreadable, dependencies: unreadable })).toEqual([]);
  });
});
