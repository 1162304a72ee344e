import type { Obtainer } from '../obtain.ts';
import type { Site } from '../site.ts';

/** Every part of a sandbox, in the order in which people are told of them. */
export const PART_NAMES = [
  // First, since it may refuse: what the others need may take a while to build.
  'containerd',
  'temporal',
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kwok',
  'kubelet',
  'kserve',
  'mlflow',
  'mlflow-auth',
  'airflow',
  'jobset',
  'trainer',
  'training-operator',
  'argo-workflow-controller',
  'argo-server',
  'kube-state-metrics',
  'alertmanager',
  'prometheus',
  'paramedic',
] as const;

/** The optional parts that make this machine a node, for root on Linux. */
export const REAL_NODE_PARTS: readonly PartName[] = ['containerd', 'kubelet'];

/** The parts that serve models, which take longest to start. */
export const MODEL_PARTS: readonly PartName[] = ['kserve', 'mlflow'];

export type PartName = (typeof PART_NAMES)[number];

/** One server of a sandbox. */
export interface Part {
  readonly name: PartName;
  /** The parts that must be ready before this one is started, and outlive it when the sandbox ends. */
  readonly after: readonly PartName[];
  /** Optional parts run only where they are asked for, or where one that comes after them is. */
  readonly optional?: true;
  /** Gets what the part runs into place, and gives the program's path. Done for every part before the first is started. */
  obtain(from: Obtainer): Promise<string>;
  /**
   * How it is started. Asked each time it is started, when all of `after` are ready: what must be in place before it runs
   * (configuration files, custom resource definitions) is put there here, and is found there the second time.
   * `program` is what `obtain` gave.
   */
  run(site: Site, program: string): Run | Promise<Run>;
  /** What is done each time it has become ready, before parts that come after it are started. */
  setUp?(site: Site): Promise<void>;
  /** Puts the machine back as it was, once the part has ended; may be done again. Run also for a sandbox of which only the folder is left. */
  cleanUp?(site: Pick<Site, 'dataDir'>): Promise<void>;
  /** A script that does the same where nobody is left to do it. */
  cleanUpScript?(site: Pick<Site, 'dataDir'>): string;
}

/** A part's command line, and how it is known to be ready. */
export interface Run {
  /** The command line that runs the program, for one that is not simply started: it is followed by the program and its `args`. */
  readonly through?: readonly string[];
  readonly args: readonly string[];
  /** Beside PATH, HOME, and what else every program needs; nothing more of our own environment is passed on. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where people and programs reach it. */
  readonly address: string;
  /** Asked until it is true; the part fails when that takes too long. */
  isReady(): Promise<boolean>;
  /** How long that may take, in milliseconds; by default a minute. */
  readonly readyMsMax?: number;
}
