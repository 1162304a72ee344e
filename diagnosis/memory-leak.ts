import type { Context } from '../incident/context.ts';
import type { PodSeen } from '../incident/evidence.ts';
import { type Growth, growthOf, type MemoryTrend } from '../incident/memory-trend.ts';

const LEAK_HOURS_MIN = 1;
const LEAK_SAMPLES_MIN = 8;
/** How well steady growth fits a straight line, at least. */
const LEAK_FIT_MIN = 0.9;
/** So much of what it uses in the end has come by growth, at least. */
const LEAK_SHARE_MIN = 0.25;
/** A container that began more lately may merely be filling what it needs. */
const RUNNING_SECONDS_MIN = 3_600;
const NEAR_MINUTES_MAX = 30;

/** A container that grew steadily for hours until it was killed at its memory limit. */
export interface MemoryLeak extends Growth {
  readonly container: string;
}

/** A pod whose leaking container runs, and will be killed soon. */
export interface NearLimit {
  readonly pod: PodSeen;
  readonly limitMi: number;
  readonly minutes: number;
}

/** The leak that a killed container's memory shows; null where it shows none, or nothing is known of it. */
export function leakIn({ memoryTrend }: Pick<Context, 'memoryTrend'>): MemoryLeak | null {
  const trend = trendIn({ memoryTrend });
  if (!trend || trend.samples.length < LEAK_SAMPLES_MIN) return null;
  const growth = growthOf(trend.samples);
  if (!growth || growth.hours < LEAK_HOURS_MIN || growth.fit < LEAK_FIT_MIN) return null;
  const { firstMi, lastMi, perHourMi } = growth;
  if (perHourMi <= 0 || lastMi - firstMi < lastMi * LEAK_SHARE_MIN) return null;
  return { ...growth, container: trend.container };
}

/** The ready pods that the leak will have killed within half an hour as they grow now, the soonest first. */
export function nearLimit(pods: readonly PodSeen[], context: Pick<Context, 'memoryTrend'>): readonly NearLimit[] {
  const leak = leakIn(context);
  if (leak === null) return [];
  const near = (trendIn(context)?.now ?? []).flatMap(({ pod: name, usedMi, perHourMi }): NearLimit[] => {
    const pod = pods.find((one) => one.name === name && one.ready);
    const container = pod?.containers.find((one) => one.name === leak.container);
    const { memoryLimitMi: limitMi, runningSeconds } = container ?? { memoryLimitMi: null, runningSeconds: null };
    if (!pod || limitMi === null || (runningSeconds ?? 0) < RUNNING_SECONDS_MIN || perHourMi <= 0) return [];
    const minutes = (Math.max(0, limitMi - usedMi) / perHourMi) * 60;
    return minutes <= NEAR_MINUTES_MAX ? [{ pod, limitMi, minutes: Math.round(minutes) }] : [];
  });
  return near.sort((one, other) => one.minutes - other.minutes);
}

/** Such as `ranker-2 reaches its memory limit of 128 Mi in about 12 min`. */
export function nearLimitText({ pod, limitMi, minutes }: NearLimit): string {
  return `${pod.name} reaches its memory limit of ${limitMi} Mi in about ${minutes} min`;
}

function trendIn({ memoryTrend }: Pick<Context, 'memoryTrend'>): MemoryTrend | null {
  return memoryTrend.kind === 'read' ? memoryTrend.value : null;
}
