import type { ContainerSeen, LastExit, PodSeen } from '../../../incident/evidence.ts';
import type { PodWords } from './schema.ts';

/** What is said of a pod, and what stands around it. */
export interface PodSetting {
  /** Of the target. */
  readonly name: string;
  readonly newest: number;
  readonly memoryLimitMi: number;
}

/** The pods that words say. */
export function podsOf(words: readonly PodWords[], setting: PodSetting): readonly PodSeen[] {
  return words.flatMap((one) => Array.from({ length: one.count }, () => one)).map((one, index) => podOf(one, index, setting));
}

/** It fails by what else is said of it. */
function isReady({ ready, exit, waiting, unschedulable }: PodWords): boolean {
  return ready ?? (exit === undefined && waiting === undefined && unschedulable === undefined);
}

function podOf(words: PodWords, index: number, { name, newest, memoryLimitMi }: PodSetting): PodSeen {
  const ready = isReady(words);
  const pod = `${name}-${index + 1}`;
  return {
    name: pod,
    uid: `uid-${pod}`,
    release: hashOf(words.release ?? newest),
    ready,
    node: words.unschedulable === undefined ? words.node : null,
    zone: null,
    unschedulable: words.unschedulable ?? null,
    emptyDirs: [],
    claims: [],
    containers: [containerOf(words, ready, name, memoryLimitMi)],
    ageSeconds: 300,
    notReadySeconds: ready ? null : 300,
    certificateExpired: false,
    readyAfterSeconds: ready ? 5 : null,
    ended: null,
  };
}

function containerOf(
  { exit, waiting, message, restarts, unschedulable }: PodWords,
  ready: boolean,
  image: string,
  limit: number,
): ContainerSeen {
  const waits = waiting ?? (exit === undefined ? null : 'CrashLoopBackOff');
  const runs = unschedulable === undefined && (ready || waits === null);
  return {
    name: 'main',
    image: `${image}:2`,
    ready,
    restarts: restarts ?? (exit === undefined ? 0 : 3),
    waiting: ready ? null : waits,
    waitingMessage: message ?? null,
    lastExit: exit === undefined ? null : exitOf(exit),
    runningSeconds: runs ? 300 : null,
    memoryLimitMi: limit,
  };
}

/** How a container ended, of which the code may be all that is said. */
function exitOf({ code, reason, says }: NonNullable<PodWords['exit']>): LastExit {
  return { code, reason: reason ?? (code === 137 ? 'OOMKilled' : code === 0 ? 'Completed' : 'Error'), message: says ?? null };
}

/** By which the pods of a revision are known. */
export function hashOf(revision: number): string {
  return `hash-${revision}`;
}
