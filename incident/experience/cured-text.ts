import type { Row } from './row.ts';

/** What a remedy came to, such as `cured 14 of 15 such cases in 40 s`. Counts are as they are worth now. */
export function curedText({ counts, recoveryTimes }: Row): string {
  const { tries, recoveries, relapses, worse, wrong } = counts;
  const of = Math.round(tries);
  const cured = Math.min(of, Math.round(Math.max(0, recoveries - relapses)));
  const middle = middleOf(recoveryTimes.map(({ seconds }) => seconds));
  return [
    `cured ${cured} of ${of} such cases${middle === null || cured === 0 ? '' : ` in ${Math.round(middle)} s`}`,
    ...(Math.round(relapses) > 0 ? [`${Math.round(relapses)} of them failed again soon`] : []),
    ...(Math.round(worse) > 0 ? [`made ${Math.round(worse)} worse`] : []),
    ...(Math.round(wrong) > 0 ? [`was wrong ${Math.round(wrong) === 1 ? 'once' : `${Math.round(wrong)} times`} by what people say`] : []),
  ].join(', ');
}

/** The middle one of some numbers; null of none. */
export function middleOf(numbers: readonly number[]): number | null {
  return numbers.toSorted((one, other) => one - other)[Math.floor((numbers.length - 1) / 2)] ?? null;
}
