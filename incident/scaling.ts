import type { Reading } from './reading.ts';
import type { ObjectState } from './surroundings.ts';

/** What can say how many pods a target has, the topmost first. */
export type ScalerKind = 'InferenceService' | 'ScaledObject' | 'HorizontalPodAutoscaler' | 'Deployment' | 'StatefulSet';

/** The very object in which the bound of a target's pods is written. */
export interface ScalerRef {
  readonly kind: ScalerKind;
  readonly name: string;
  readonly uid: string;
  /** Null for a kind that the API server counts no generations of, such as a HorizontalPodAutoscaler. */
  readonly generation: number | null;
  /** `most`: it bounds an autoscaler. `fixed`: it is the number of pods itself, and nothing scales them. */
  readonly bound: 'most' | 'fixed';
}

/** The topmost object that bounds how many pods a target has: what stands below it is set anew from it. */
export interface Scaler extends ScalerRef {
  readonly least: number;
  /** Null where the object names none of its own. */
  readonly most: number | null;
  /** How somebody paused it, as the end of a sentence; null where nobody did. */
  readonly paused: string | null;
  /** What its opt-out annotation says; null where it has none. */
  readonly optOut: string | null;
  readonly managedBy: ObjectState['managedBy'];
  /** The controller that made it and would set it back, as `Kind/name`; null where there is none above it. */
  readonly ownedBy: string | null;
}

/** A HorizontalPodAutoscaler, whoever made it, as its own status tells. */
export interface AutoscalerSeen {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  readonly current: number;
  readonly desired: number;
  readonly conditions: readonly AutoscalerCondition[];
  readonly metrics: readonly AutoscalerMetric[];
}

interface AutoscalerCondition {
  /** `AbleToScale`, `ScalingActive` or `ScalingLimited`. */
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  /** Shortened, with secrets struck out. */
  readonly message: string;
}

/** What an autoscaler keeps at a target. */
export interface AutoscalerMetric {
  readonly name: string;
  readonly target: string;
  /** Null where the autoscaler could not read it. */
  readonly current: string | null;
  /** How many times its target it is; null where that cannot be told. */
  readonly ofTarget: number | null;
}

/** How much of a quota of the namespace is used, of one resource. */
export interface QuotaUse {
  readonly quota: string;
  readonly resource: string;
  /** As Kubernetes quantities. */
  readonly used: string;
  readonly hard: string;
}

/** A PodDisruptionBudget over the target's pods. */
export interface BudgetSeen {
  readonly name: string;
  /** So many pods it wants to be there at least. */
  readonly minAvailable: number;
  readonly disruptionsAllowed: number;
}

/** How busy the target's pods are by the metrics of the cluster. */
export interface LoadSeen {
  /** What was measured, as it stands in a sentence. */
  readonly what: string;
  /** 1 is all that the pods ask for. */
  readonly share: number;
}

/** What scales a target, and what bounds that. */
export interface Scaling {
  readonly scaler: Scaler;
  /** Null where none scales it. */
  readonly autoscaler: AutoscalerSeen | null;
  /** The mode of the VerticalPodAutoscaler over its pods, such as `Auto` or `Off`; null where there is none. */
  readonly verticalMode: string | null;
  /** Who wrote the number of pods last, as the API server names writers; null where that is not told. */
  readonly replicasWrittenBy: string | null;
  readonly quotas: readonly QuotaUse[];
  readonly budgets: readonly BudgetSeen[];
  /** Null where no metrics are configured, or they know nothing of these pods. */
  readonly load: Reading<LoadSeen | null>;
}

/** How many more pods like the target's would find a place now, and what would be the first to run out. */
export interface Room {
  readonly more: number;
  /** As a sentence. */
  readonly limitedBy: string;
}

/** Where in the object its bound is written, from its root. */
export function boundPath({ kind, bound }: Pick<ScalerRef, 'kind' | 'bound'>): readonly string[] {
  switch (kind) {
    case 'InferenceService':
      return ['spec', 'predictor', bound === 'fixed' ? 'minReplicas' : 'maxReplicas'];
    case 'ScaledObject':
      return ['spec', 'maxReplicaCount'];
    case 'HorizontalPodAutoscaler':
      return ['spec', 'maxReplicas'];
    case 'Deployment':
    case 'StatefulSet':
      return ['spec', 'replicas'];
    default:
      return kind satisfies never;
  }
}

/** The merge patch that sets the bound, for a person to apply. */
export function boundPatch(scaler: Pick<ScalerRef, 'kind' | 'bound'>, to: number): string {
  return JSON.stringify(boundPath(scaler).reduceRight<unknown>((inner, field) => ({ [field]: inner }), to));
}
