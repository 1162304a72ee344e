import type { Context } from '../incident/context.ts';
import type { AutoscalerMetric, AutoscalerSeen, Scaling } from '../incident/scaling.ts';

/** Within a tenth of its target an autoscaler leaves a metric alone, and so do we. */
const TOLERANCE = 0.1;
/** So busy, by what they ask for, pods have no reserve left. */
const BUSY_SHARE = 0.9;

/** Why the number of pods cannot follow the load, as a sentence. */
export interface LoadNotBorne {
  /** `underWay`: it is making more pods, and whether those are enough is not seen yet. */
  readonly why: 'paused' | 'blind' | 'atMaximum' | 'fixed' | 'underWay';
  readonly reason: string;
}

/** Why a target's pods do not bear its load, however ready they are; null where they do, as far as anything measures it. */
export function loadNotBorne({ scaler, autoscaler, load }: Scaling): LoadNotBorne | null {
  const named = `${scaler.kind} ${scaler.name}`;
  if (scaler.paused !== null) return { why: 'paused', reason: `${named} scales nothing: ${scaler.paused}.` };
  if (autoscaler !== null) return blindness(autoscaler) ?? atMaximum(autoscaler, named) ?? underWay(autoscaler);
  if (scaler.bound !== 'fixed' || load.kind === 'unreadable' || load.value === null || load.value.share < BUSY_SHARE) return null;
  const { what, share } = load.value;
  return { why: 'fixed', reason: `${named} has ${scaler.least} pods, nothing scales them, and ${what} is at ${percent(share)}.` };
}

/** What is read of the context for it, and whether that could be read. */
export function scalingOf({ scaling }: Context): Scaling | null {
  return scaling.kind === 'read' ? scaling.value : null;
}

function blindness({ name, conditions }: AutoscalerSeen): LoadNotBorne | null {
  const active = conditions.find(({ type }) => type === 'ScalingActive');
  // At no pods it is off on purpose.
  if (active?.status !== 'False' || active.reason === 'ScalingDisabled') return null;
  return {
    why: 'blind',
    reason: `HorizontalPodAutoscaler ${name} cannot read what it scales by: ${active.reason}: ${active.message}`,
  };
}

/** What it says of itself counts, unless its metrics say that no more is needed: it keeps saying so for minutes after a peak. */
function atMaximum({ name, current, most, conditions, metrics }: AutoscalerSeen, named: string): LoadNotBorne | null {
  const highest = metrics.filter(isKnown).sort((one, other) => other.ofTarget - one.ofTarget)[0];
  const limited = conditions.some(
    ({ type, status, reason }) => type === 'ScalingLimited' && status === 'True' && reason === 'TooManyReplicas',
  );
  const saysSo = limited && (highest === undefined || highest.ofTarget > 1);
  const isOver = current >= most && highest !== undefined && highest.ofTarget > 1 + TOLERANCE;
  if (!saysSo && !isOver) return null;
  const measured = highest === undefined ? '' : ` ${highest.name} is at ${highest.current} with a target of ${highest.target}.`;
  const bound = named === `HorizontalPodAutoscaler ${name}` ? 'its maximum' : `the maximum that ${named} gives it`;
  return {
    why: 'atMaximum',
    reason: `HorizontalPodAutoscaler ${name} has ${current} pods, ${bound} is ${most}, and it wants more.${measured}`,
  };
}

function underWay({ name, current, desired }: AutoscalerSeen): LoadNotBorne | null {
  if (desired <= current) return null;
  return { why: 'underWay', reason: `HorizontalPodAutoscaler ${name} has ${current} pods and is making it ${desired}.` };
}

function isKnown(metric: AutoscalerMetric): metric is AutoscalerMetric & { readonly ofTarget: number } {
  return metric.ofTarget !== null;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
