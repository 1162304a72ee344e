/** At most so many within any window of so many seconds. */
export interface Rate {
  readonly max: number;
  readonly perSeconds: number;
}

/** When a circuit breaker opens, and for how long at first; each probe that fails doubles it. */
export interface BreakerLimits {
  readonly failures: number;
  readonly withinSeconds: number;
  readonly openSeconds: number;
}

/** At most so many of a whole within a window: the larger of a share and a number. */
export interface Share {
  readonly percent: number;
  readonly atLeast: number;
  readonly withinSeconds: number;
}

/** A time of day on the wall, such as `22:30`. */
export const TIME_OF_DAY = /^([01]\d|2[0-3]):[0-5]\d$/;

/** A time in which nothing is changed. */
export type FreezeWindow =
  | {
      readonly kind: 'weekly';
      readonly reason: string;
      readonly days: readonly Weekday[];
      readonly from: string;
      readonly to: string;
      readonly timezone: string;
    }
  | { readonly kind: 'once'; readonly reason: string; readonly from: string; readonly until: string };

export const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;
type Weekday = (typeof WEEKDAYS)[number];

type Some<T> = { readonly [key in keyof T]?: T[key] | undefined };

/** What remedies must keep within. A group that is not there limits nothing; another layer does. */
export interface Limits {
  /** Acts let through: of one remedy in the cluster, in a namespace, in the cluster, in all clusters. */
  readonly rates?: Some<Readonly<Record<'remedy' | 'namespace' | 'cluster' | 'allClusters', Rate>>> | undefined;
  /** Attempts on one target that did not help for good, by whichever incident. */
  readonly target?: Rate | undefined;
  readonly breakers?: Some<Readonly<Record<'target' | 'remedy' | 'runbook', BreakerLimits>>> | undefined;
  /** A target that fails again so soon after a cure was not cured. */
  readonly relapseSeconds?: number | undefined;
  /** Cures of one target; a cure that must be repeated is none. */
  readonly cures?: Rate | undefined;
  /** So many targets failing within so long have a cause above them. */
  readonly storm?: { readonly targets: number; readonly withinSeconds: number } | undefined;
  readonly blast?:
    | Some<{
        /** Ready replicas of the workload away at once, in percent of those it wants. */
        readonly replicasPercent: number;
        readonly namespaceWorkloads: Share;
        readonly nodes: Share;
        readonly modelVersions: Rate;
      }>
    | undefined;
  /** Releases or versions gone back since a person last moved forward. */
  readonly rollbackDepth?: number | undefined;
  /** A source of alerts that proves to be alive and then is silent for so long is blind. */
  readonly silenceSeconds?: number | undefined;
  readonly freezes?: readonly FreezeWindow[] | undefined;
}

/** Limits and where they come from. All layers apply at once, so that the tightest wins. */
export interface LimitLayer {
  /** Such as `the cluster`, `namespace ml` or `runbook pod-crash`. */
  readonly from: string;
  readonly limits: Limits;
}
