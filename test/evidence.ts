import type { Evidence, PodSeen } from '../incident/evidence.ts';

/** A pod that crash-loops, of a release, as the API server would show it. */
export function sickPod(change: {
  name?: string;
  release?: string;
  waiting?: string;
  exit?: { reason: string; code: number } | null;
  memoryLimitMi?: number | null;
}): PodSeen {
  const {
    name = 'ranker-1',
    release = 'new',
    waiting = 'CrashLoopBackOff',
    exit = { reason: 'Error', code: 1 },
    memoryLimitMi = 128,
  } = change;
  return {
    name,
    uid: `uid-${name}`,
    release,
    ready: false,
    containers: [{ name: 'main', image: 'ranker:2', ready: false, restarts: 3, waiting, lastExit: exit, memoryLimitMi }],
  };
}

export function readyPod(name: string, release = 'new'): PodSeen {
  return {
    name,
    uid: `uid-${name}`,
    release,
    ready: true,
    containers: [{ name: 'main', image: 'ranker:2', ready: true, restarts: 0, waiting: null, lastExit: null, memoryLimitMi: 128 }],
  };
}

/** Evidence of a healthy Deployment with one replica, changed as the test wants. */
export function evidence(change: Partial<Evidence>): Evidence {
  return {
    generation: 2,
    observed: true,
    replicasWanted: 1,
    replicasReady: 1,
    replicasUpdated: 1,
    paused: false,
    release: 'new',
    previousRelease: 'old',
    pods: [readyPod('ranker-1')],
    ...change,
  };
}
