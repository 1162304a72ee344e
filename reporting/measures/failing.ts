import type { Bounds, Case } from './case.ts';

/** What a person judged to be none is no failure. */
const NO_FAILURE = 'dismissed';

/**
 * How long a target failed in the period: from when its source saw it begin, or else from when it was opened, until it was verified to be
 * well, or else until its incident ended. What overlaps counts once.
 */
export function failingMs(cases: readonly Case[], { fromMs, toMs }: Bounds): number {
  const spans = cases
    .filter(({ outcome, isSimulated }) => outcome !== NO_FAILURE && !isSimulated)
    .map((one) => ({
      fromMs: Math.max(fromMs, Math.min(one.beganMs ?? one.openedMs, one.openedMs)),
      toMs: Math.min(toMs, one.recoveredMs ?? one.endedMs ?? toMs),
    }))
    .sort((one, other) => one.fromMs - other.fromMs);
  let untilMs = fromMs;
  let total = 0;
  for (const span of spans) {
    total += Math.max(0, span.toMs - Math.max(span.fromMs, untilMs));
    untilMs = Math.max(untilMs, span.toMs);
  }
  return total;
}

/** The incidents of each target. */
export function byTarget(cases: readonly Case[]): ReadonlyMap<string, readonly Case[]> {
  return Map.groupBy(
    cases.filter(({ target }) => target !== null),
    ({ cluster, target }) => `${cluster ?? ''}/${target}`.replace(/^\//, ''),
  );
}
