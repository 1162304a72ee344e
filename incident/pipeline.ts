import type { PodSeen } from './evidence.ts';
import type { ContainerMemory } from './memory.ts';
import type { PipelineKind } from './target.ts';

/**
 * How a run stands. `suspended`: it is not to run now, says whoever or whatever set it so, or a step of it waits for a person. `stopped`:
 * somebody ended it before it was done.
 */
export type RunState = 'running' | 'suspended' | 'completed' | 'failed' | 'stopped';

/** One run of what its target is there for, such as one Job. */
export interface PipelineRun {
  readonly name: string;
  readonly uid: string;
  readonly state: RunState;
  /** Its system's reason for its failure, such as `BackoffLimitExceeded` or `DeadlineExceeded`; null while it has none. */
  readonly reason: string | null;
  /** What its system says of it, or else the end of what its failed steps said, shortened and with secrets struck out. */
  readonly message: string | null;
  readonly active: number;
  readonly succeeded: number;
  readonly failed: number;
  /** Epoch milliseconds. */
  readonly createdMs: number;
  /** Epoch milliseconds; null until it began. */
  readonly startedMs: number | null;
  /** Epoch milliseconds, when it completed or failed; null while it has not. */
  readonly endedMs: number | null;
  /** It was made by a remedy. */
  readonly isRetry: boolean;
  /** How often it was begun, as far as its system counts; 1 where it does not. */
  readonly tries: number;
  /** Its system says that it was ended for want of memory. */
  readonly outOfMemory: boolean;
  /** Memory its pods ask for, by container. */
  readonly memory: Readonly<Record<string, ContainerMemory>>;
}

/** A pod of a run. */
export interface RunPod extends PodSeen {
  readonly phase: string;
  /** Why the cluster, and not the program, ended it, such as `Evicted` or `PreemptionByScheduler`; null where it did not. */
  readonly disruption: string | null;
  /** The end of what its failing container said, its last words or else its log, with secrets struck out; null where nothing is known. */
  readonly said: string | null;
}

/** When it runs by itself. */
export interface Schedule {
  /** As it is written, such as `0 3 * * *`, or what else starts its runs. */
  readonly cron: string;
  /** Who keeps it from running; null where nobody does. */
  readonly suspendedBy: 'person' | 'paramedic' | null;
  /** `Allow`, `Forbid` or `Replace`: what becomes of a run that is due while another is under way. */
  readonly concurrency: string;
  /** Epoch milliseconds, when a run was last due and begun; null before the first, and where it is due by no clock. */
  readonly lastMs: number | null;
}

/** What runs to an end, with its retries or its last runs, as its system showed them at one moment. */
export interface PipelineEvidence {
  readonly kind: PipelineKind;
  readonly uid: string;
  readonly generation: number;
  readonly name: string;
  /** Epoch milliseconds by the worker's clock, when it was read. */
  readonly readAtMs: number;
  /** What owns it and is not healed itself, as `Kind/name`: that starts its runs; null where nothing does. */
  readonly controller: string | null;
  /** Null where it runs once, or whoever starts it keeps no schedule. */
  readonly schedule: Schedule | null;
  /** The last of them, newest first. */
  readonly runs: readonly PipelineRun[];
  /** Pods of the newest run that are still there. */
  readonly pods: readonly RunPod[];
  /** Memory that a new run would ask for, by container; empty where its system lets nobody say. */
  readonly memory: Readonly<Record<string, ContainerMemory>>;
  /**
   * How what failed is done once more: by a further run beside it, or by the same run, whose failed steps go on. `either`: by the same run,
   * but by a further one where something has to be other than it was.
   */
  readonly retriedBy: 'furtherRun' | 'sameRun' | 'either';
}

/** What people call a run, and what it is made of, by the kind of its target. */
const WORDS: Readonly<Record<PipelineKind, readonly [run: string, parts: string]>> = {
  Job: ['Job', 'pods'],
  CronJob: ['Job', 'pods'],
  TrainJob: ['TrainJob', 'pods'],
  PyTorchJob: ['PyTorchJob', 'pods'],
  Workflow: ['Workflow', 'pods'],
  CronWorkflow: ['Workflow', 'pods'],
  AirflowDag: ['DAG run', 'tasks'],
  KubeflowRun: ['Pipeline run', 'tasks'],
  KubeflowRecurringRun: ['Pipeline run', 'tasks'],
  ClearmlTask: ['Task', 'steps'],
  VertexPipelineJob: ['Pipeline job', 'tasks'],
};

/** A run as a sentence begins with it, such as `Job train`. */
export function runName(kind: PipelineKind, { name }: Pick<PipelineRun, 'name'>): string {
  return `${WORDS[kind][0]} ${name}`;
}

/** What a run is made of, such as `pods`. */
export function partsWord(kind: PipelineKind): string {
  return WORDS[kind][1];
}

/** The container whose limit must be the one that was reached, where nothing says which it was: the only one that has any. */
export function onlyLimited({ memory }: Pick<PipelineRun, 'memory'>): { readonly name: string; readonly memory: ContainerMemory } | null {
  const [only, ...others] = Object.entries(memory).filter(([, { limit }]) => limit !== null);
  return only === undefined || others.length > 0 ? null : { name: only[0], memory: only[1] };
}

/** How long a run that completes usually takes, as the median of those seen; null where none has completed. */
export function usualMs(runs: readonly PipelineRun[]): number | null {
  const took = runs.flatMap(({ state, startedMs, endedMs }) =>
    state === 'completed' && startedMs !== null && endedMs !== null ? endedMs - startedMs : [],
  );
  return took.length === 0 ? null : median(took);
}

/** How far apart runs usually begin, as the median; null where too few are seen. Retries were due at no time. */
export function usualGapMs(runs: readonly PipelineRun[]): number | null {
  const begun = runs.filter(({ isRetry }) => !isRetry).map(({ createdMs }) => createdMs);
  const gaps = begun.slice(1).map((earlier, index) => begun[index]! - earlier);
  return gaps.length < 2 ? null : median(gaps);
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!;
}
