import { middleOf } from './cured-text.ts';
import { agedRow, type Measured, measuredLately, type Row } from './row.ts';

/** So many recoveries at least must have been measured before health is waited for less long. */
const RECOVERIES_MIN = 10;
/** Health is waited for at least so many times as long as its slowest coming that is remembered. */
const SAFE_TIMES = 3;
/** One that came too late is enough to wait as long as the runbook says, until it counts for less than this. */
const LATE_MAX = 0.25;
/** Where fewer cures than this share did not last, health need not last longer. */
const RELAPSES_SHARE = 0.1;

/** How long health is waited for, and how long it must last. */
interface Windows {
  readonly stableSeconds: number;
  readonly timeoutSeconds: number;
}

/** What a runbook lets experience change of them. */
export interface WindowRules {
  readonly windows: boolean;
  readonly triesMin: number;
  readonly timeoutSecondsMin: number;
  readonly stableSecondsMax: number;
}

/**
 * The windows as experience sets them: health is waited for less long than the runbook says, never longer, and must last longer, never less
 * long; so that nothing counts as recovered sooner than by the runbook. @returns the very windows that are given where nothing is to be changed
 */
export function windowsFor<W extends Windows>(
  given: W,
  row: Row | undefined,
  rules: WindowRules,
  nowMs: number,
): { readonly windows: W; readonly why: readonly string[] } {
  if (!rules.windows || row === undefined) return { windows: given, why: [] };
  const aged = agedRow(row, nowMs);
  const recoveryTimes = measuredLately(aged.recoveryTimes, nowMs);
  const timeoutSeconds = timeoutFor(given, aged.counts.late, recoveryTimes, rules);
  const stableSeconds = stableFor(given, aged, measuredLately(aged.returnTimes, nowMs), rules);
  const why = [
    ...(timeoutSeconds < given.timeoutSeconds
      ? [
          `Health is waited for ${timeoutSeconds} s instead of ${given.timeoutSeconds} s, since by ${row.remedy} it always came within ${Math.ceil(slowestOf(recoveryTimes))} s.`,
        ]
      : []),
    ...(stableSeconds > given.stableSeconds
      ? [`Health must last for ${stableSeconds} s instead of ${given.stableSeconds} s, since after ${row.remedy} it did not always last.`]
      : []),
  ];
  return { windows: why.length === 0 ? given : { ...given, timeoutSeconds, stableSeconds }, why };
}

function timeoutFor({ timeoutSeconds }: Windows, late: number, times: readonly Measured[], rules: WindowRules): number {
  if (late > LATE_MAX || times.length < Math.max(RECOVERIES_MIN, rules.triesMin)) return timeoutSeconds;
  return Math.min(timeoutSeconds, Math.max(rules.timeoutSecondsMin, Math.ceil(SAFE_TIMES * slowestOf(times))));
}

function stableFor({ stableSeconds }: Windows, { counts }: Row, times: readonly Measured[], rules: WindowRules): number {
  const { tries, recoveries, relapses } = counts;
  if (tries < rules.triesMin || relapses < 1 || relapses < RELAPSES_SHARE * recoveries) return stableSeconds;
  // What comes later than any window that is allowed is not seen by a longer one either.
  const room = rules.stableSecondsMax - stableSeconds;
  const middle = middleOf(times.map(({ seconds }) => seconds).filter((seconds) => seconds <= room));
  return middle === null ? stableSeconds : Math.max(stableSeconds, Math.min(rules.stableSecondsMax, Math.ceil(stableSeconds + middle)));
}

function slowestOf(times: readonly Measured[]): number {
  return Math.max(0, ...times.map(({ seconds }) => seconds));
}
