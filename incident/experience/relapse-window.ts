import { agedRow, measuredLately, type Row } from './row.ts';

/** So many targets at least must have failed again later than counts as a relapse. */
const LATE_MIN = 3;
/** Where fewer cures than this share were followed by that, it is chance. */
const LATE_SHARE = 0.1;

/** What a runbook lets experience change of the window. */
export interface RelapseRules {
  readonly windows: boolean;
  readonly relapseSecondsMax: number;
}

/**
 * For how long after a cure a failure of the same target is a relapse: longer than the limits say, never shorter, where targets kept failing
 * again a little later than that. @param rows of one cause. @returns null where it is as the limits say
 */
export function relapseWindow(
  givenSeconds: number,
  rows: readonly Row[],
  rules: RelapseRules,
  nowMs: number,
): { readonly seconds: number; readonly why: string } | null {
  if (!rules.windows || givenSeconds <= 0) return null;
  const late = rows
    .flatMap(({ returnTimes }) => measuredLately(returnTimes, nowMs))
    .map(({ seconds }) => seconds)
    .filter((seconds) => seconds >= givenSeconds);
  const recoveries = rows.reduce((sum, row) => sum + agedRow(row, nowMs).counts.recoveries, 0);
  if (late.length < LATE_MIN || late.length < LATE_SHARE * recoveries) return null;
  const seconds = Math.min(rules.relapseSecondsMax, Math.ceil(Math.max(...late)) + 1);
  if (seconds <= givenSeconds) return null;
  return {
    seconds,
    why: `What fails again within ${seconds} s of its cure was not cured, instead of ${givenSeconds} s, since targets failed again later than that ${late.length} times.`,
  };
}
