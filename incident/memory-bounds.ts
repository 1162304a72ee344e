/** What bounds the memory that a pod template may ask for. */
export interface MemoryBounds {
  /** The smallest most that a LimitRange lets one container have; null where none does. */
  readonly container: Bound | null;
  /** The smallest most that a LimitRange lets all containers of a pod have together; null where none does. */
  readonly pod: Bound | null;
  /** What ResourceQuotas have left. */
  readonly quotas: readonly QuotaLeft[];
  /** The VerticalPodAutoscaler that sets what the target's containers ask for; null where none does. */
  readonly autoscaler: MemoryAutoscaler | null;
}

export interface Bound {
  readonly name: string;
  readonly maxMi: number;
}

export interface QuotaLeft {
  readonly name: string;
  readonly of: 'limits' | 'requests';
  readonly leftMi: number;
}

export interface MemoryAutoscaler {
  readonly name: string;
  /** As it is set, such as `Auto`; one that is `Off` sets nothing and is not told. */
  readonly mode: string;
  /** Its rules for single containers, as they are set; the name `*` is all that are not named. */
  readonly policies: readonly ContainerPolicy[];
}

/** What an autoscaler may give a container, with every field that is set. */
interface ContainerPolicy {
  readonly containerName?: string | undefined;
  readonly minAllowed?: Readonly<Record<string, unknown>> | undefined;
  readonly maxAllowed?: Readonly<Record<string, unknown>> | undefined;
  readonly [further: string]: unknown;
}
