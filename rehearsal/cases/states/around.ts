import type { Context } from '../../../incident/context.ts';
import type { Evidence } from '../../../incident/evidence.ts';
import { readyPods, servingWorkload } from '../../../incident/evidence.ts';
import type { PolicySeen } from '../../../incident/network-policy.ts';
import type { Paths } from '../../../incident/paths.ts';
import type { Scaling } from '../../../incident/scaling.ts';
import type { Target } from '../../../incident/target.ts';
import type { State } from './schema.ts';

const MINUTE_MS = 60_000;

/** What stands around a target, as the words of a state say. @param nowMs when it is looked at */
export function contextOf(
  { namespace, name }: Pick<Target, 'namespace' | 'name'>,
  state: State,
  evidence: Evidence,
  nowMs: number,
): Partial<Context> {
  const read = <T>(value: T) => ({ kind: 'read' as const, value });
  const workload = servingWorkload(evidence);
  const nodes = state.nodes.map(({ name: node, ready, pressures, othersReady, othersNotReady }) => ({
    ...{ name: node, ready, pressures, unschedulable: false },
    others: { ready: othersReady, notReady: othersNotReady },
  }));
  const isReady = workload !== null && readyPods(evidence) === workload.pods.length;
  return {
    nodes: read(nodes),
    scaling: read(state.autoscaler ? scalingOf(name, readyPods(evidence), state.autoscaler) : null),
    room: read(isReady ? { more: state.room, limitedBy: `The nodes have room for ${state.room} more.` } : null),
    paths: read(workload === null ? null : pathsOf(namespace, name, readyPods(evidence), state, nowMs)),
  };
}

function scalingOf(name: string, current: number, { least, most, load }: NonNullable<State['autoscaler']>): Scaling {
  const wantsMore = load > 1;
  const limited = { type: 'ScalingLimited', status: 'True', reason: 'TooManyReplicas', message: 'more than the maximum' };
  return {
    scaler: {
      ...{ kind: 'HorizontalPodAutoscaler', name, uid: `uid-of-autoscaler-${name}`, generation: null, bound: 'most', least, most },
      ...{ paused: null, optOut: null, managedBy: null, ownedBy: null },
    },
    autoscaler: {
      ...{ name, least, most, current, desired: current, conditions: wantsMore ? [limited] : [] },
      metrics: [{ name: 'cpu', target: '80 %', current: `${load * 80} %`, ofTarget: load }],
    },
    verticalMode: null,
    replicasWrittenBy: 'kube-controller-manager',
    quotas: [],
    budgets: [],
    load: { kind: 'read', value: null },
  };
}

function pathsOf(namespace: string, name: string, ready: number, { policies }: State, nowMs: number): Paths {
  const labels = { app: name };
  const ports = [{ name: 'http', number: 8080, protocol: 'TCP' }];
  const service = { name, selector: labels, ports: [{ name: 'http', number: 80, target: 8080, protocol: 'TCP' }], selected: ready, ready };
  const long = nowMs - 90 * MINUTE_MS;
  return {
    readAtMs: nowMs,
    namespace,
    ownLabels: labels,
    newest: { labels, ports, madeMs: nowMs - 60 * MINUTE_MS },
    previous: { labels, ports, madeMs: nowMs - 120 * MINUTE_MS },
    services: [{ ...service, notReady: 0, createdMs: long, changedMs: long }],
    policies: policies.map(({ name: policy, cuts, minutesAgo }): PolicySeen => {
      const madeMs = nowMs - minutesAgo * MINUTE_MS;
      const spec = { podSelector: { matchLabels: labels }, policyTypes: [cuts === 'in' ? ('Ingress' as const) : ('Egress' as const)] };
      const whole = { uid: `uid-${policy}`, resourceVersion: '7', labels: {}, annotations: {}, spec };
      return { name: policy, createdMs: madeMs, changedMs: madeMs, manager: 'kubectl-create', keptBy: null, optOut: null, whole };
    }),
    silent: [],
  };
}
