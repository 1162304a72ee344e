const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };
const SECONDS_MAX = 366 * 86_400;

/** The seconds of a length of time as people write it, such as `90s`, `30m`, `2h` or `1d`; null when it is none, or longer than a year. */
export function secondsOf(text: string): number | null {
  const [, count, unit] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  const seconds = Number(count) * (UNIT_SECONDS[unit ?? ''] ?? Number.NaN);
  return seconds >= 1 && seconds <= SECONDS_MAX ? seconds : null;
}
