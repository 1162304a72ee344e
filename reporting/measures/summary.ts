import type { Bounds, Case } from './case.ts';
import { figureOf, groupsOf } from './counting.ts';
import type { Report } from './report.ts';

const DAY_MS = 86_400_000;
/** So many bars can be told apart. */
const BARS_MAX = 31;

/** How many there were, of what, and how they ended. */
export function summaryOf(cases: readonly Case[], bounds: Bounds): Report['summary'] {
  const ended = cases.filter(({ isEndedWithin }) => isEndedWithin);
  const withOutcomes = (nameOf: (one: Case) => string) =>
    groupsOf(ended, nameOf).map((group) => ({
      ...group,
      outcomes: groupsOf(
        ended.filter((one) => nameOf(one) === group.name),
        outcomeOf,
      ),
    }));
  return {
    opened: figureOf(cases.filter(({ isOpenedWithin }) => isOpenedWithin)),
    ended: figureOf(ended),
    open: figureOf(cases.filter(({ endedMs }) => endedMs === null)),
    outcomes: groupsOf(ended, outcomeOf),
    types: withOutcomes(({ failureType }) => failureType),
    causes: withOutcomes(({ cause }) => cause ?? 'none named'),
    days: daysOf(ended, bounds),
  };
}

/** By whole days of UTC, several at once where the period is long. */
function daysOf(ended: readonly Case[], { fromMs, toMs }: Bounds): Report['summary']['days'] {
  const firstMs = Math.floor(fromMs / DAY_MS) * DAY_MS;
  const stepMs = Math.max(1, Math.ceil((toMs - firstMs) / DAY_MS / BARS_MAX)) * DAY_MS;
  const days: Report['summary']['days'][number][] = [];
  for (let startMs = firstMs; startMs < toMs; startMs += stepMs) {
    const own = ended.filter(({ endedMs }) => endedMs !== null && endedMs >= startMs && endedMs < startMs + stepMs);
    days.push({ from: new Date(startMs).toISOString(), to: new Date(startMs + stepMs).toISOString(), outcomes: groupsOf(own, outcomeOf) });
  }
  return days;
}

function outcomeOf({ outcome }: Case): string {
  return outcome ?? 'not said';
}
