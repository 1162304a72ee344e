import type { BesideChange, Change, OwnChange } from '../incident/change.ts';
import type { Context } from '../incident/context.ts';
import type { Evidence } from '../incident/evidence.ts';
import type { GoldenRequest } from '../incident/golden-request.ts';
import type { PipelineEvidence } from '../incident/pipeline.ts';
import type { Plan } from '../incident/plan.ts';
import type { QualityContext } from '../incident/quality.ts';
import type { Surroundings } from '../incident/surroundings.ts';
import type { Target, TargetKind } from '../incident/target.ts';
import type { Verdict } from '../incident/verdict.ts';

/** The state a change was made for. */
export interface Bound {
  readonly uid: string;
  /** Null where the values changed are the only condition, as for an undo. */
  readonly generation: number | null;
}

/** A pod that has lost its place, or finds none. */
export interface DisplacedPod {
  /** As `namespace/name`. */
  readonly pod: string;
  /** The node that it had to leave; null where none takes it. */
  readonly node: string | null;
}

export interface ApplyOptions {
  /** The same key is the same act: it is written with the change, and looked for before. */
  readonly key: string;
  /** Only asks the API server whether it would accept the change. */
  readonly dryRun: boolean;
  /** The key of the act that is taken back; absent where the change takes none back. */
  readonly undoes?: string;
  /** Called directly before the write, and not when the change is there already; what it throws stops the write. */
  readonly beforeWrite?: () => Promise<void>;
}

/** What Paramedic needs of one kind of target. */
export interface TargetClient {
  /** @throws TargetGone when it does not exist. */
  observe(target: Target): Promise<Evidence>;
  /**
   * Changes the target and records the key in the same write, or finds the key and does nothing.
   * @throws TargetChanged when the target is not in the state the change starts from, or not bound any more.
   * @throws TargetGone, Refused
   */
  apply(target: Target, change: OwnChange, bound: Bound, options: ApplyOptions): Promise<'applied' | 'alreadyApplied'>;
}

/** A change that has a pipeline run once more. */
export type RetryChange = Extract<Change, { readonly kind: 'furtherRun' | 'sameRun' }>;

/** A change that keeps a pipeline from running by itself, or lets it. */
export type ScheduleChange = Extract<Change, { readonly kind: 'schedule' }>;

/** What Paramedic needs of one kind of pipeline. */
export interface PipelineClient {
  /** @throws TargetGone when it does not exist. */
  observe(target: Target): Promise<PipelineEvidence>;
  /**
   * Does once more what failed, or takes back a further run that has not ended, once per key: it looks whether that is done already.
   * @throws TargetChanged when what failed is not as the change has it, or somebody else has retried it meanwhile.
   * @throws TargetGone, Refused
   */
  retry(target: Target, change: RetryChange, bound: Bound, options: ApplyOptions): Promise<'applied' | 'alreadyApplied'>;
  /**
   * Suspends its schedule, with a mark that Paramedic did, or lets it go on.
   * @throws TargetChanged when the schedule is not as the change has it.
   * @throws TargetGone, Refused also where it keeps no schedule
   */
  pause(target: Target, change: ScheduleChange, bound: Bound, options: ApplyOptions): Promise<'applied' | 'alreadyApplied'>;
}

/** A resource by kind and name, in a namespace that is known from the context. */
export interface Named {
  readonly kind: TargetKind;
  readonly name: string;
  /** The word for its system, of what is no object of Kubernetes. */
  readonly namespace?: string;
}

/** What an alert may name: a target, or what leads to one. */
export type SubjectKind = TargetKind | 'Pod' | 'HorizontalPodAutoscaler';

/** What is asked about a model server whose data or predictions are complained about; null: not this. */
export interface QualityQuestions {
  /** Name of the CronJob, in the target's namespace, that trains its model. */
  readonly cronJob: string | null;
  /** Of the series that a monitor's rule compares. */
  readonly query: string | null;
}

/** What Paramedic needs of one Kubernetes cluster to see and heal targets. */
export interface Cluster extends Pick<TargetClient, 'observe'> {
  /**
   * Makes a change, of the target or of what stands beside it, once per key.
   * @throws TargetChanged when what is changed is not in the state the change starts from, or not bound any more.
   * @throws TargetGone, Refused
   */
  apply(target: Target, change: Change, bound: Bound, options: ApplyOptions): Promise<'applied' | 'alreadyApplied'>;
  /** Reads what stands around a target that is not well; what it answers itself is asked apart. It never fails: a piece that cannot be read is told as such. */
  readContext(target: Target, evidence: Evidence): Promise<Context>;
  /**
   * What a target's ready pods, or its hosted server, answer to its golden request: the one that is written on it, or else the one given. It
   * never fails: what cannot be asked is told as such.
   */
  askGolden(target: Target, evidence: Evidence, golden: GoldenRequest | null): Promise<Context['golden']>;
  /** The piece of the context that tells what scales it, alone: all that is asked again and again while a target is to bear its load. */
  readScaling(target: Target, evidence: Evidence): Promise<Context['scaling']>;
  /**
   * The topmost owner that we know how to heal of what is named, itself included, or of what it scales; null when there is none, it does
   * not exist, or its system is not configured.
   * @param namespace null only of what is no object of Kubernetes
   */
  topmostOwner(namespace: string | null, kind: SubjectKind, name: string): Promise<Named | null>;
  /** Reads what stands around a target whose data or predictions are complained about. It never fails, as `readContext`. */
  readQuality(target: Target, questions: QualityQuestions): Promise<QualityContext>;
  /**
   * Whether a change beside the target is in place.
   * @throws when that cannot be read
   */
  seeBeside(target: Target, change: BesideChange, key: string): Promise<Verdict>;
  /** Pods of the whole cluster that have lost their place to others, or find none for want of room. */
  displacedPods(): Promise<readonly DisplacedPod[]>;
  /** Writes a Kubernetes Event on the target. */
  recordEvent(target: Target, reason: string, message: string): Promise<void>;
  /**
   * Reads what stands around a plan. A piece that cannot be read is told as such, and no failure.
   * @throws TargetGone when the target does not exist.
   */
  readSurroundings(target: Target, plan: Pick<Plan, 'change'>): Promise<Surroundings>;
  /** As `readSurroundings`, without what concerns the target itself: for one that is no object of Kubernetes. */
  readBeside(plan: Pick<Plan, 'change'>): Promise<Omit<Surroundings, 'object' | 'namespace' | 'replicas'>>;
}
