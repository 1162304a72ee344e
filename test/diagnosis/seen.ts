import { type Context, type EventSeen, QUIET_CONTEXT } from '../../incident/context.ts';
import type { PodSeen } from '../../incident/evidence.ts';
import type { PlacesSeen } from '../../incident/places.ts';
import type { ReferenceSeen, ReleaseReference } from '../../incident/reference.ts';
import { pendingPod, readyPod } from '../evidence.ts';

/** A context in which the pieces given are read, and nothing else says anything. */
export function contextOf(pieces: { readonly [piece in keyof Context]?: Extract<Context[piece], { kind: 'read' }>['value'] }): Context {
  const read = Object.fromEntries(Object.entries(pieces).map(([piece, value]) => [piece, { kind: 'read', value }]));
  return { ...QUIET_CONTEXT, ...read };
}

export function warning(about: string, reason: string, message: string): EventSeen {
  return { about, reason, message, count: 3, firstMs: 0, lastMs: 60_000 };
}

export function reference(kind: ReleaseReference['kind'], name: string, change: Partial<ReleaseReference> = {}): ReleaseReference {
  return { kind, name, keys: [], inPrevious: false, ...change };
}

export function looked(one: ReleaseReference, change: Partial<ReferenceSeen> = {}): ReferenceSeen {
  return { ...one, exists: true, missingKeys: [], changedSecondsAgo: null, changedBy: null, phase: null, ...change };
}

/** A cluster of ten nodes that would take the pod if they had room. */
export function places(change: Partial<PlacesSeen> = {}): PlacesSeen {
  return { pod: 'ranker-1', nodes: 10, allowed: 10, lacking: [], taints: [], labels: [], ...change };
}

/** A pod of the newest release that no node takes, in the scheduler's words after the count of nodes. */
export function homeless(words: string, change: Partial<PodSeen> = {}): PodSeen {
  return { ...pendingPod('ranker-1', `0/10 nodes are available: ${words}`), ...change };
}

/** A pod that runs and is not ready. */
export function silentPod(name: string, change: Partial<PodSeen> & { readonly runningSeconds?: number } = {}): PodSeen {
  const { runningSeconds = 300, ...rest } = change;
  const pod = readyPod(name);
  return {
    ...pod,
    ready: false,
    notReadySeconds: 300,
    readyAfterSeconds: null,
    containers: pod.containers.map((one) => ({ ...one, ready: false, runningSeconds })),
    ...rest,
  };
}

/** A pod whose container waits to be made. */
export function startingPod(name: string, waiting = 'ContainerCreating', waitingMessage: string | null = null): PodSeen {
  const pod = silentPod(name);
  return { ...pod, containers: pod.containers.map((one) => ({ ...one, runningSeconds: null, waiting, waitingMessage })) };
}
