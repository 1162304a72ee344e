import type { LastExit, ModelServerEvidence, PodSeen, Release, ServedModel, WorkloadEvidence } from '../incident/evidence.ts';
import type { RegisteredModel } from '../incident/model.ts';

export function release(revision: number, change: Partial<Release> = {}): Release {
  return { name: `ranker-${revision}`, uid: `uid-${revision}`, hash: `hash-${revision}`, revision, images: ['ranker:2'], ...change };
}

/** A pod that crash-loops, of a revision, as the API server would show it. */
export function sickPod(change: {
  name?: string;
  revision?: number;
  waiting?: string;
  exit?: LastExit | null;
  memoryLimitMi?: number | null;
}): PodSeen {
  const { name = 'ranker-1', revision = 2, waiting = 'CrashLoopBackOff', exit = exitOf('Error', 1), memoryLimitMi = 128 } = change;
  return {
    name,
    uid: `uid-${name}`,
    release: `hash-${revision}`,
    ready: false,
    node: 'node-1',
    zone: null,
    unschedulable: null,
    emptyDirs: [],
    claims: [],
    containers: [
      {
        name: 'main',
        image: 'ranker:2',
        ready: false,
        restarts: 3,
        waiting,
        waitingMessage: null,
        lastExit: exit,
        runningSeconds: null,
        memoryLimitMi,
      },
    ],
    ageSeconds: 300,
    notReadySeconds: 300,
    certificateExpired: false,
    readyAfterSeconds: null,
    ended: null,
  };
}

export function exitOf(reason: string, code: number, message: string | null = null): LastExit {
  return { reason, code, message };
}

export const OOM_KILLED = exitOf('OOMKilled', 137);

export function readyPod(name: string, revision = 2): PodSeen {
  return {
    name,
    uid: `uid-${name}`,
    release: `hash-${revision}`,
    ready: true,
    node: 'node-1',
    zone: null,
    unschedulable: null,
    emptyDirs: [],
    claims: [],
    containers: [
      {
        name: 'main',
        image: 'ranker:2',
        ready: true,
        restarts: 0,
        waiting: null,
        waitingMessage: null,
        lastExit: null,
        runningSeconds: 300,
        memoryLimitMi: 128,
      },
    ],
    ageSeconds: 300,
    notReadySeconds: null,
    certificateExpired: false,
    readyAfterSeconds: 5,
    ended: null,
  };
}

/** A pod that has not begun to run: no container has anything to say yet. */
export function pendingPod(name: string, unschedulable: string | null = null): PodSeen {
  const [container] = readyPod(name).containers;
  return {
    ...readyPod(name),
    ready: false,
    node: unschedulable === null ? 'node-1' : null,
    unschedulable,
    notReadySeconds: 300,
    certificateExpired: false,
    readyAfterSeconds: null,
    containers: container ? [{ ...container, ready: false, runningSeconds: null }] : [],
  };
}

/** Evidence of a healthy Deployment with one replica, changed as the test wants. */
export function evidence(change: Partial<WorkloadEvidence>): WorkloadEvidence {
  return {
    kind: 'Deployment',
    uid: 'uid-ranker',
    generation: 2,
    observed: true,
    replicasWanted: 1,
    replicasReady: 1,
    replicasUpdated: 1,
    paused: false,
    rollout: { byHand: false, waitsForFailing: false, kept: 0 },
    releases: [release(2), release(1)],
    memory: { main: { limit: '128Mi', request: null } },
    memoryBefore: { main: { limit: '128Mi', request: null } },
    pods: [readyPod('ranker-1')],
    overdue: [],
    differences: [{ what: 'image', text: 'image of main: ranker:1 → ranker:2' }],
    references: [],
    releaseAgeSeconds: 300,
    createFailure: null,
    provedReady: false,
    progressStopped: null,
    served: null,
    ...change,
  };
}

export const GOOD_URI = 's3://models/churn/1';
export const BAD_URI = 's3://models/churn/2';

/** The model "churn": version 2 in production, version 1 last known good; changed as the test wants. */
export function registeredModel(change: Partial<RegisteredModel> = {}): RegisteredModel {
  const version = (number: string, storageUri: string) => ({
    version: number,
    storageUri,
    complete: true,
    validated: true,
    quarantined: false,
  });
  return {
    registry: 'mlflow',
    name: 'churn',
    versions: [version('2', BAD_URI), version('1', GOOD_URI)],
    aliases: { 'last-known-good': '1', production: '2' },
    promotionFreeze: null,
    ...change,
  };
}

/** The model "churn" as a server serves version 1 of it, changed as the test wants. */
export function servedModel(change: Partial<ServedModel> = {}): ServedModel {
  return {
    model: 'churn',
    place: 'mlflow',
    addressing: '{uri}',
    wanted: GOOD_URI,
    settings: {},
    serving: [GOOD_URI],
    registry: { kind: 'read', model: registeredModel() },
    golden: { kind: 'read', value: null },
    record: { kind: 'read', value: null },
    ...change,
  };
}

/** Changes of a model server's evidence, with those of the model it serves beside them. */
type ServerChange = Partial<Omit<ModelServerEvidence, 'served'>> & { readonly served?: Partial<ServedModel> };

/** Evidence of an InferenceService that serves version 1 well, changed as the test wants. */
export function modelServer({ served = {}, ...change }: ServerChange): ModelServerEvidence {
  return {
    kind: 'InferenceService',
    uid: 'uid-churn',
    generation: 1,
    ready: true,
    served: servedModel(served),
    loading: { transition: 'UpToDate', wanted: 'Loaded', failure: null },
    workload: evidence({}),
    traffic: null,
    ...change,
  };
}

/** The same after version 2 was deployed: its pod crash-loops beside one of version 1 that still serves. */
export function failingModelServer({ served = {}, ...change }: ServerChange = {}): ModelServerEvidence {
  return modelServer({
    generation: 2,
    served: { wanted: BAD_URI, ...served },
    loading: { transition: 'BlockedByFailedLoad', wanted: 'FailedToLoad', failure: null },
    workload: evidence({ pods: [readyPod('churn-0', 1), sickPod({ name: 'churn-1' })] }),
    ...change,
  });
}
