import { type FreezeWindow, TIME_OF_DAY, WEEKDAYS } from '../limits.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const DAY_MINUTES = 24 * 60;
const WEEK_MINUTES = 7 * DAY_MINUTES;
/** A week, and a day for the clock's change. */
const LOOK_AHEAD_MS = 8 * DAY_MS;

type Weekly = FreezeWindow & { kind: 'weekly' };

/** Whether the time in a zone can be told here. */
export function isKnownZone(timeZone: string): boolean {
  return formatOf(timeZone) !== null;
}

/** When a window that holds at this moment ends, epoch milliseconds; null when it does not hold. A window that cannot be read holds. */
export function inForceUntil(window: FreezeWindow, nowMs: number): number | null {
  if (window.kind === 'weekly') return inWeeklyUntil(window, nowMs);
  const [from, until] = [Date.parse(window.from), Date.parse(window.until)];
  if (Number.isNaN(from) || Number.isNaN(until)) return nowMs + DAY_MS;
  return nowMs >= from && nowMs < until ? until : null;
}

function inWeeklyUntil(window: Weekly, nowMs: number): number | null {
  const wallMinute = wallClock(window.timezone);
  if (wallMinute === null || !TIME_OF_DAY.test(window.from) || !TIME_OF_DAY.test(window.to)) return nowMs + DAY_MS;
  const startMs = nowMs - (nowMs % MINUTE_MS);
  if (!isIn(window, wallMinute(startMs))) return null;
  // Searched on the wall clock itself, so that a night of 23 or 25 hours ends when the clock on the wall says so.
  for (let hourMs = startMs; hourMs < startMs + LOOK_AHEAD_MS; hourMs += HOUR_MS) {
    const first = wallMinute(hourMs);
    // Asking the zone for every minute is slow, and only needed in the few hours of a year in which clocks are changed.
    const isSteady = wallMinute(hourMs + HOUR_MS) === (first + 60) % WEEK_MINUTES;
    for (let minute = 0; minute < 60; minute++) {
      const atMs = hourMs + minute * MINUTE_MS;
      if (!isIn(window, isSteady ? first + minute : wallMinute(atMs))) return atMs;
    }
  }
  return startMs + LOOK_AHEAD_MS;
}

/** Minutes since Sunday's midnight, as a clock on the wall there shows them; null for a zone that is not known here. */
function wallClock(timeZone: string): ((atMs: number) => number) | null {
  const format = formatOf(timeZone);
  if (format === null) return null;
  return (atMs) => {
    const parts = Object.fromEntries(format.formatToParts(atMs).map(({ type, value }) => [type, value]));
    const day = (WEEKDAYS as readonly string[]).indexOf(parts.weekday!);
    return day * DAY_MINUTES + Number(parts.hour) * 60 + Number(parts.minute);
  };
}

function formatOf(timeZone: string): Intl.DateTimeFormat | null {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  } catch {
    return null;
  }
}

/** A window that ends no later than it begins ends on the day after; its days are those it begins on. Past a week's end the next begins. */
function isIn({ days, from, to }: Weekly, weekMinute: number): boolean {
  const day = Math.floor(weekMinute / DAY_MINUTES);
  const minute = weekMinute % DAY_MINUTES;
  const [begins, ends] = [minutesOf(from), minutesOf(to)];
  const beginsOn = (one: number) => days.includes(WEEKDAYS[(one + 7) % 7]!);
  if (begins < ends) return beginsOn(day) && minute >= begins && minute < ends;
  return (beginsOn(day) && minute >= begins) || (beginsOn(day - 1) && minute < ends);
}

function minutesOf(timeOfDay: string): number {
  const [hours, minutes] = timeOfDay.split(':').map(Number);
  return hours! * 60 + minutes!;
}
