import type { Context } from '../incident/context.ts';
import { QUIET_CONTEXT } from '../incident/context.ts';
import type { PolicySeen, PolicySpec } from '../incident/network-policy.ts';
import type { DependencySeen, Face, Paths, ServiceSeen } from '../incident/paths.ts';

/** Epoch milliseconds of the tests; what is older is so many minutes before it. */
export const NOW_MS = Date.UTC(2026, 0, 1, 12);
export const minutesAgo = (minutes: number) => NOW_MS - minutes * 60_000;

export const face = (change: Partial<Face> = {}): Face => ({
  labels: { app: 'ranker' },
  ports: [{ name: 'http', number: 8080, protocol: 'TCP' }],
  madeMs: minutesAgo(60),
  ...change,
});

/** The Service of the Deployment "ranker", which leads to its one pod. */
export const service = (change: Partial<ServiceSeen> = {}): ServiceSeen => ({
  name: 'ranker',
  selector: { app: 'ranker' },
  ports: [{ name: 'http', number: 80, target: 8080, protocol: 'TCP' }],
  selected: 1,
  ready: 1,
  notReady: 0,
  createdMs: minutesAgo(90),
  changedMs: minutesAgo(90),
  ...change,
});

/** A policy that selects the pods of "ranker", made five minutes ago by hand. */
export const policy = (name: string, spec: Partial<PolicySpec>, change: Partial<PolicySeen> = {}): PolicySeen => ({
  name,
  createdMs: minutesAgo(5),
  changedMs: minutesAgo(5),
  manager: 'kubectl-create',
  keptBy: null,
  optOut: null,
  whole: {
    uid: `uid-${name}`,
    resourceVersion: '7',
    labels: {},
    annotations: {},
    spec: { podSelector: { matchLabels: { app: 'ranker' } }, ...spec },
  },
  ...change,
});

export const NOBODY_IN: Partial<PolicySpec> = { policyTypes: ['Ingress'] };
export const NOTHING_OUT: Partial<PolicySpec> = { policyTypes: ['Egress'] };

/** The Service "features" that "ranker" calls. */
export const dependency = (change: Partial<DependencySeen> = {}): DependencySeen => ({
  service: 'features',
  namespace: 'ml',
  namespaceLabels: { 'kubernetes.io/metadata.name': 'ml' },
  selector: { app: 'features' },
  behind: { labels: { app: 'features', tier: 'store' }, ports: [{ number: 9090, name: 'http', protocol: 'TCP' }] },
  port: { name: null, number: 80, target: 9090, protocol: 'TCP' },
  ready: 2,
  notReady: 0,
  workload: { kind: 'Deployment', name: 'features', wanted: 2, ready: 2 },
  ...change,
});

/** Paths to the Deployment "ranker" on which all is well, changed as the test wants. */
export const paths = (change: Partial<Paths> = {}): Paths => ({
  readAtMs: NOW_MS,
  namespace: 'ml',
  ownLabels: { app: 'ranker' },
  newest: face(),
  previous: face({ madeMs: minutesAgo(120) }),
  services: [service()],
  policies: [],
  silent: [],
  ...change,
});

const read = <T>(value: T) => ({ kind: 'read' as const, value });

/** What stands around "ranker", with these paths and dependencies. */
export const around = (change: Partial<Paths> = {}, dependencies: readonly DependencySeen[] = []): Context => ({
  ...QUIET_CONTEXT,
  paths: read(paths(change)),
  dependencies: read(dependencies),
});

export const unreadable = {
  kind: 'unreadable' as const,
  what: 'the Services and policies around it',
  reason: 'the API server answers 403',
};
