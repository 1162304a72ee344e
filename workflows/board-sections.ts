import type { Board, BreakerRow, BudgetRow } from '../guards/board.ts';
import { spanText } from '../guards/repetition/window.ts';

/** One thing a permit office keeps an eye on, in lines for people. */
export interface BoardSection {
  readonly title: string;
  readonly lines: readonly string[];
}

/** What a permit office stops, what is open, what is used up and who holds what. What is empty is left out. */
export function boardSections(board: Board): readonly BoardSection[] {
  const { lostMs, freezes, storms, demotions, breakers, leases, holds, budgets, refusals } = board;
  const lost =
    lostMs === null ? [] : [`The record was lost at ${timeText(lostMs)}; every limit counts as reached until a person resets it.`];
  return [
    { title: 'Lost', lines: lost },
    { title: 'Frozen', lines: freezes },
    { title: 'Storms', lines: storms },
    {
      title: 'A person must allow',
      lines: demotions.map(({ name, why, sinceMs }) => `${name}: ${why}, since ${timeText(sinceMs)}`),
    },
    { title: 'Circuit breakers', lines: breakers.map(breakerText) },
    {
      title: 'Permits out',
      lines: leases.map(({ incident, remedy, target, sinceMs }) => `${remedy} on ${target}, for ${incident}, since ${timeText(sinceMs)}`),
    },
    {
      title: 'Targets held',
      lines: holds.map(({ incident, targets, sinceMs }) => `${targets.join(', ')} by ${incident}, since ${timeText(sinceMs)}`),
    },
    { title: 'Budgets used', lines: budgets.filter(({ used }) => used > 0).map(budgetText) },
    { title: 'Latest refusals', lines: [...refusals].reverse().map(refusalText) },
  ].filter(({ lines }) => lines.length > 0);
}

function breakerText({ name, state, failures, failuresMax, untilMs, from }: BreakerRow): string {
  const now = { closed: 'closed', open: `open until ${timeText(untilMs ?? 0)}`, halfOpen: 'lets one try through' }[state];
  return `${name}: ${now}, ${failures} of ${failuresMax} failures (${from})`;
}

function budgetText({ name, used, max, perSeconds, freeMs, from }: BudgetRow): string {
  const next = used >= max && freeMs !== null ? `, the next at ${timeText(freeMs)}` : '';
  return `${name}: ${used} of ${max} within ${spanText(perSeconds)}${next} (${from})`;
}

function refusalText({ atMs, incident, guard, reason, retryAtMs }: Board['refusals'][number]): string {
  const again = retryAtMs === null ? 'no waiting helps' : `again at ${timeText(retryAtMs)}`;
  return `${timeText(atMs)} ${guard}: ${reason} (${incident}; ${again})`;
}

function timeText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
}
