/**
 * Conditions by the names of the alerts they become, those of kubernetes-mixin where it has one. `holdSeconds`: for so long it must have
 * been so before it is said. `goneSeconds`: for so long it must not have been so before it is said to be over. `flaps`: it comes and goes
 * by its nature, so that one that was not said yet is remembered for as long.
 */
export const CONDITIONS = {
  KubePodCrashLooping: { holdSeconds: 0, goneSeconds: 120, flaps: true },
  KubeContainerOOMKilled: { holdSeconds: 0, goneSeconds: 120, flaps: true },
  KubeContainerWaiting: { holdSeconds: 120, goneSeconds: 60, flaps: false },
  KubePodNotReady: { holdSeconds: 600, goneSeconds: 60, flaps: false },
  KubePodUnschedulable: { holdSeconds: 300, goneSeconds: 60, flaps: false },
  KubePersistentVolumeClaimPending: { holdSeconds: 600, goneSeconds: 60, flaps: false },
  KubeDeploymentRolloutStuck: { holdSeconds: 60, goneSeconds: 60, flaps: false },
  KubeDeploymentReplicasMismatch: { holdSeconds: 600, goneSeconds: 60, flaps: false },
  KubeStatefulSetReplicasMismatch: { holdSeconds: 600, goneSeconds: 60, flaps: false },
  KubeStatefulSetUpdateNotRolledOut: { holdSeconds: 900, goneSeconds: 60, flaps: false },
  KubeDaemonSetRolloutStuck: { holdSeconds: 900, goneSeconds: 60, flaps: false },
  KubeJobFailed: { holdSeconds: 0, goneSeconds: 60, flaps: false },
  KubeHpaMaxedOut: { holdSeconds: 900, goneSeconds: 300, flaps: false },
  KubeNodeNotReady: { holdSeconds: 300, goneSeconds: 60, flaps: false },
  KubeNodePressure: { holdSeconds: 600, goneSeconds: 60, flaps: false },
  KServeInferenceServiceNotReady: { holdSeconds: 600, goneSeconds: 60, flaps: false },
  ArgoWorkflowFailed: { holdSeconds: 0, goneSeconds: 60, flaps: false },
  TrainJobFailed: { holdSeconds: 0, goneSeconds: 60, flaps: false },
  PyTorchJobFailed: { holdSeconds: 0, goneSeconds: 60, flaps: false },
} as const satisfies Readonly<Record<string, ConditionTimes & { readonly flaps: boolean }>>;

export type ConditionName = keyof typeof CONDITIONS;

export const CONDITION_NAMES = Object.keys(CONDITIONS) as ConditionName[];

interface ConditionTimes {
  readonly holdSeconds: number;
  readonly goneSeconds: number;
}

/** How long each condition must hold before it is said, in seconds; null: it is never said. What is left out is as shipped. */
export type HoldSeconds = Readonly<Partial<Record<ConditionName, number | null>>>;

/** A condition that holds on one object now, as the object itself says. */
export interface Symptom {
  readonly condition: ConditionName;
  /** What it is about, as kubernetes-mixin's alert of the name has it. With the name they are its identity. */
  readonly labels: Readonly<Record<string, string>>;
  /** One sentence for people. */
  readonly says: string;
  /** When it began, in epoch milliseconds of the cluster's clocks; null where the object does not tell. */
  readonly sinceMs: number | null;
  /** Where it does not tell: when it was so already. */
  readonly atLeastSinceMs?: number | null;
  /** It is over by then, unless the object says it anew. */
  readonly untilMs?: number;
  /** It is still so, but began too long ago to be acted on. */
  readonly isPast?: true;
  /** Labels of what else it concerns, which are no part of its identity. */
  readonly beside?: Readonly<Record<string, string>>;
}
