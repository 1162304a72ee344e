import { WAITS, type WaitKind, waitedMs } from '../history/waits.ts';
import type { Bounds, Case } from './case.ts';
import { type Length, lengthOf, numbersOf, spreadOf } from './counting.ts';
import type { Report } from './report.ts';

const MINUTE_MS = 60_000;
/** How recoveries are told apart by their length; the last group has no end. */
const UP_TO_MS = [30_000, ...[1, 2, 5, 10, 20, 30, 60, 120, 240].map((minutes) => minutes * MINUTE_MS)];

type Time = Report['times']['recover'];

/** How long it took. What was not lived through is left out. */
export function timesOf(all: readonly Case[], bounds: Bounds): Report['times'] {
  const cases = all.filter(({ isSimulated }) => !isSimulated);
  const within = (at: number | null) => at !== null && at >= bounds.fromMs && at < bounds.toMs;
  const recovered = cases.filter(({ recoveredMs }) => within(recoveredMs));
  const recoveries = recovered.flatMap((one) => lengthOf(one, one.openedMs, one.recoveredMs));
  return {
    detect: spreadOf(cases.filter(({ isOpenedWithin }) => isOpenedWithin).flatMap((one) => lengthOf(one, one.beganMs, one.openedMs))),
    firstAction: timeOf(
      cases.filter(({ actedMs }) => within(actedMs)),
      ({ actedMs }) => actedMs,
    ),
    recover: timeOf(recovered, ({ recoveredMs }) => recoveredMs),
    handedOver: spreadOf(
      cases.filter(({ outcome }) => outcome === 'escalated').flatMap((one) => lengthOf(one, escalatedMs(one), one.endedMs)),
    ),
    recoveries: groupsByLength(recoveries),
    waits: waitsOf(cases, bounds),
  };
}

/** From when they were opened; with and without what was waited for on purpose until then. */
function timeOf(cases: readonly Case[], untilMs: (one: Case) => number | null): Time {
  const without = cases.flatMap((one) => {
    const [length] = lengthOf(one, one.openedMs, untilMs(one));
    return length && one.waits
      ? [{ ...length, ms: Math.max(0, length.ms - waitedMs(one.waits, one.openedMs, one.openedMs + length.ms)) }]
      : [];
  });
  return {
    all: spreadOf(cases.flatMap((one) => lengthOf(one, one.openedMs, untilMs(one)))),
    withoutWaits: cases.some(({ waits }) => waits === null) ? null : spreadOf(without),
  };
}

function escalatedMs({ story }: Case): number | null {
  const entry = story.entries.find(({ step }) => step === 'Escalated');
  return entry ? Date.parse(entry.at) : null;
}

function groupsByLength(lengths: readonly Length[]): Report['times']['recoveries'] {
  return [...UP_TO_MS, null].map((upToMs, index) => {
    const own = lengths.filter(({ ms }) => (upToMs === null || ms <= upToMs) && ms > (UP_TO_MS[index - 1] ?? -1));
    return { upToMs, count: own.length, incidents: numbersOf(own) };
  });
}

function waitsOf(cases: readonly Case[], { fromMs, toMs }: Bounds): Report['times']['waits'] {
  if (cases.some(({ waits }) => waits === null)) return null;
  return (Object.keys(WAITS) as WaitKind[]).map((kind) => {
    const lengths = cases.flatMap(({ number, waits }) => {
      const own = (waits ?? []).filter((wait) => wait.kind === kind);
      const ms = waitedMs(own, fromMs, toMs);
      return ms > 0 ? [{ number, ms }] : [];
    });
    return { kind, totalMs: lengths.reduce((sum, { ms }) => sum + ms, 0), spread: spreadOf(lengths) };
  });
}
