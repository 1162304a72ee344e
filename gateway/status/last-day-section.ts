import type { IncidentRow } from '../../incident/incident-row.ts';
import { html, type Markup } from './html.ts';
import { named } from './open-section.ts';
import { endOf, type LastDay, type Status } from './status.ts';
import { type Column, table } from './table.ts';
import { aboutText, timeMark } from './times.ts';

/** What ended within 24 hours. */
export function lastDaySection({ lastDay }: Status): Markup {
  if (lastDay.total === 0)
    return html`<p>No incident ended within 24 hours.</p>
`;
  return html`${countsTable(lastDay)}${latestTable(lastDay)}`;
}

function countsTable({ total, counted, counts }: LastDay): Markup {
  const types = Object.entries(counts).toSorted(([one], [other]) => one.localeCompare(other));
  const ends = [...new Set(types.flatMap(([, ofType]) => Object.keys(ofType)))].toSorted();
  const columns: readonly Column<(typeof types)[number]>[] = [
    { title: 'Failure', cell: ([type]) => html`${type}` },
    ...ends.map((end) => ({ title: end, cell: ([, ofType]: (typeof types)[number]) => html`${ofType[end] ?? 0}`, isNumber: true })),
    { title: 'all', cell: ([, ofType]) => html`${Object.values(ofType).reduce((sum, count) => sum + count, 0)}`, isNumber: true },
  ];
  const of = counted < total ? `, the latest ${counted} of them here` : '';
  return table(html`${total} ended${of}: of which failure, and how.`, columns, types);
}

function latestTable({ total, latest }: LastDay): Markup {
  const columns: readonly Column<IncidentRow>[] = [
    { title: 'Target', cell: named },
    { title: 'Failure', cell: ({ failureType }) => html`${failureType}` },
    { title: 'Cause', cell: ({ cause }) => html`${cause ?? '–'}` },
    { title: 'Remedy', cell: ({ remedy }) => html`${remedy ?? '–'}` },
    { title: 'Outcome', cell: (row) => html`<b class="${endClass(row)}">${endOf(row)}</b>` },
    { title: 'Ended', cell: ({ closedAt }) => (closedAt === null ? html`–` : timeMark(closedAt)) },
    { title: 'Took', cell: (row) => html`${tookText(row)}`, isNumber: true },
  ];
  const which = latest.length < total ? `The latest ${latest.length}` : 'All of them';
  return table(html`${which}, the last to end first.`, columns, latest);
}

function endClass(row: IncidentRow): string {
  const end = endOf(row);
  if (end === 'recovered' || end === 'selfResolved') return 'well';
  return end === 'escalated' || end === 'broken' ? 'person' : 'going';
}

function tookText({ startedAt, closedAt }: IncidentRow): string {
  return closedAt === null ? '–' : aboutText(Date.parse(closedAt) - Date.parse(startedAt));
}
