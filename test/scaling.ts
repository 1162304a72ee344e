import type { Context } from '../incident/context.ts';
import { QUIET_CONTEXT } from '../incident/context.ts';
import type { WorkloadEvidence } from '../incident/evidence.ts';
import type { AutoscalerSeen, Room, Scaler, Scaling } from '../incident/scaling.ts';
import { evidence, readyPod } from './evidence.ts';

/** A HorizontalPodAutoscaler nobody keeps, of at most four pods; changed as the test wants. */
export function scaler(change: Partial<Scaler> = {}): Scaler {
  return {
    kind: 'HorizontalPodAutoscaler',
    name: 'ranker',
    uid: 'uid-hpa',
    generation: null,
    bound: 'most',
    least: 2,
    most: 4,
    paused: null,
    optOut: null,
    managedBy: null,
    ownedBy: null,
    ...change,
  };
}

/** A Deployment that nothing scales. */
export function fixedAt(pods: number, change: Partial<Scaler> = {}): Scaler {
  return scaler({ kind: 'Deployment', uid: 'uid-ranker', generation: 2, bound: 'fixed', least: pods, most: null, ...change });
}

export const LIMITED = { type: 'ScalingLimited', status: 'True', reason: 'TooManyReplicas', message: 'more than the maximum' };

/** It has as many pods as it may, and its metric is well below its target. */
export function autoscaler(change: Partial<AutoscalerSeen> = {}): AutoscalerSeen {
  return { name: 'ranker', least: 2, most: 4, current: 4, desired: 4, conditions: [], metrics: [cpu(0.5)], ...change };
}

/** @param ofTarget 1 is its target of 80 % */
export function cpu(ofTarget: number | null) {
  return { name: 'cpu', target: '80 %', current: ofTarget === null ? null : `${ofTarget * 80} %`, ofTarget };
}

export function scaling(change: Partial<Scaling> = {}): Scaling {
  return {
    scaler: scaler(),
    autoscaler: autoscaler(),
    verticalMode: null,
    replicasWrittenBy: 'kube-controller-manager',
    quotas: [],
    budgets: [],
    load: { kind: 'read', value: null },
    ...change,
  };
}

/** An autoscaler that is at its maximum and wants more. */
export const AT_MAXIMUM = scaling({ autoscaler: autoscaler({ conditions: [LIMITED], metrics: [cpu(1.5)] }) });

export function around(seen: Scaling, room: Partial<Room> = {}): Context {
  return {
    ...QUIET_CONTEXT,
    scaling: { kind: 'read', value: seen },
    room: { kind: 'read', value: { more: 50, limitedBy: 'The 2 nodes have room for 50 more.', ...room } },
  };
}

/** Four pods, all of them ready. */
export function fourReady(change: Partial<WorkloadEvidence> = {}): WorkloadEvidence {
  const pods = ['a', 'b', 'c', 'd'].map((letter) => readyPod(`ranker-${letter}`));
  return evidence({ replicasWanted: 4, replicasReady: 4, replicasUpdated: 4, pods, ...change });
}

/** An autoscaler at its maximum, which bears the load or wants more. */
export const atMost = (most: number, isEnough: boolean): Context =>
  around(
    scaling({
      scaler: scaler({ most }),
      autoscaler: autoscaler({
        most,
        current: most,
        ...(isEnough ? { metrics: [cpu(0.7)] } : { conditions: [LIMITED], metrics: [cpu(1.5)] }),
      }),
    }),
  );
