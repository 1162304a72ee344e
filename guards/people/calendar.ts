import { type FreezeWindow, WEEKDAYS } from '../limits.ts';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;
/** A week, and a day for the clock's change. */
const LOOK_AHEAD_MINUTES = 8 * DAY_MINUTES;

/** When a window that holds at this moment ends, epoch milliseconds; null when it does not hold. A window that cannot be read holds. */
export function inForceUntil(window: FreezeWindow, nowMs: number): number | null {
  if (window.kind === 'once') {
    const [from, until] = [Date.parse(window.from), Date.parse(window.until)];
    if (Number.isNaN(from) || Number.isNaN(until)) return nowMs + DAY_MINUTES * MINUTE_MS;
    return nowMs >= from && nowMs < until ? until : null;
  }
  const clock = wallClock(window.timezone);
  if (!isInWeekly(window, clock(nowMs))) return null;
  const startOfMinute = nowMs - (nowMs % MINUTE_MS);
  // Searched on the wall clock itself, so that a night of 23 or 25 hours ends when the clock on the wall says so.
  for (let minute = 1; minute <= LOOK_AHEAD_MINUTES; minute++) {
    const at = startOfMinute + minute * MINUTE_MS;
    if (!isInWeekly(window, clock(at))) return at;
  }
  return startOfMinute + LOOK_AHEAD_MINUTES * MINUTE_MS;
}

/** Day of the week, Sunday being 0, and minutes since midnight, as a clock on the wall there shows them. */
interface WallTime {
  readonly day: number;
  readonly minute: number;
}

function wallClock(timeZone: string): (atMs: number) => WallTime {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  return (atMs) => {
    const parts = Object.fromEntries(format.formatToParts(atMs).map(({ type, value }) => [type, value]));
    return { day: (WEEKDAYS as readonly string[]).indexOf(parts.weekday ?? ''), minute: Number(parts.hour) * 60 + Number(parts.minute) };
  };
}

/** A window that ends no later than it begins ends on the day after; its days are those it begins on. */
function isInWeekly({ days, from, to }: FreezeWindow & { kind: 'weekly' }, { day, minute }: WallTime): boolean {
  const [begins, ends] = [minutesOf(from), minutesOf(to)];
  const beginsOn = (one: number) => days.includes(WEEKDAYS[(one + 7) % 7]!);
  if (begins < ends) return beginsOn(day) && minute >= begins && minute < ends;
  return (beginsOn(day) && minute >= begins) || (beginsOn(day - 1) && minute < ends);
}

function minutesOf(clock: string): number {
  const [hours, minutes] = clock.split(':').map(Number);
  return hours! * 60 + minutes!;
}
