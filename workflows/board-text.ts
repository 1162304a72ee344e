import type { Board, BreakerRow, BudgetRow } from '../guards/board.ts';
import type { PastRefusal } from '../guards/ledger/ledger.ts';
import { spanText } from '../guards/repetition/window.ts';
import { escapeMarkdown } from '../incident/markdown.ts';

/** So many lines of one kind can be read; the command line tells all. */
const LINES_MAX = 25;

/** A permit office's page in the Web UI: what is stopped, what is open, what is used up, who holds what. */
export function boardText(cluster: string | null, board: Board): string {
  const sections = [
    section(
      'Lost',
      board.lostMs === null
        ? []
        : [`The record was lost at ${timeText(board.lostMs)}; every limit counts as reached until a person resets it.`],
    ),
    section('Frozen', board.freezes),
    section('Storms', board.storms),
    section('Circuit breakers', board.breakers.map(breakerText)),
    section(
      'Permits out',
      board.leases.map(({ incident, remedy, target, sinceMs }) => `${remedy} on ${target}, for ${incident}, since ${timeText(sinceMs)}`),
    ),
    section(
      'Targets held',
      board.holds.map(({ incident, targets }) => `${targets.join(', ')} by ${incident}`),
    ),
    section('Budgets used', board.budgets.filter(({ used }) => used > 0).map(budgetText)),
    section('Latest refusals', [...board.refusals].reverse().map(refusalText)),
  ].flat();
  const quiet = sections.length === 0 ? ['Nothing is held, refused or used up.', ''] : [];
  // The page cuts off about a line at the end, so that it ends with one that says nothing.
  return [
    `### Permits of ${cluster === null ? 'all clusters' : `cluster ${escapeMarkdown(cluster)}`}`,
    '',
    ...quiet,
    ...sections,
    '\u00a0',
    '',
  ].join('\n');
}

function section(title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  const more = lines.length > LINES_MAX ? [`- and ${lines.length - LINES_MAX} more`] : [];
  return [`**${title}**`, '', ...lines.slice(0, LINES_MAX).map((line) => `- ${escapeMarkdown(line)}`), ...more, ''];
}

function breakerText({ name, state, failures, failuresMax, untilMs, from }: BreakerRow): string {
  const now = { closed: 'closed', open: `open until ${timeText(untilMs ?? 0)}`, halfOpen: 'lets one try through' }[state];
  return `${name}: ${now}, ${failures} of ${failuresMax} failures (${from})`;
}

function budgetText({ name, used, max, perSeconds, freeMs, from }: BudgetRow): string {
  const next = used >= max && freeMs !== null ? `, the next at ${timeText(freeMs)}` : '';
  return `${name}: ${used} of ${max} within ${spanText(perSeconds)}${next} (${from})`;
}

function refusalText({ atMs, incident, guard, reason, retryAtMs }: PastRefusal): string {
  const again = retryAtMs === null ? 'no waiting helps' : `again at ${timeText(retryAtMs)}`;
  return `${timeText(atMs)} ${guard}: ${reason} (${incident}; ${again})`;
}

function timeText(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
