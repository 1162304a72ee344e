import { html, type Markup, NOTHING } from './html.ts';
import type { Question } from './sources.ts';
import { needsPerson, type OpenIncident, type Status } from './status.ts';
import { type Column, table } from './table.ts';
import { aboutText, agoText, timeMark } from './times.ts';

/** What a phase means where its name does not say it. */
const MEANINGS: Readonly<Record<string, string>> = {
  untold: 'a person is needed, and no channel took the message yet',
  asking: 'waits for a decision',
  escalated: 'was handed over to a person',
  waiting: 'may not act now, and asks again',
  watching: 'what a person decided is done',
};

/** What is happening now. */
export function openSection({ open, at }: Status): Markup {
  const { total, incidents } = open;
  if (incidents.length === 0)
    return html`<p>No incident is open.</p>
`;
  const nowMs = Date.parse(at);
  const columns: readonly Column<OpenIncident>[] = [
    { title: 'Target', cell: named },
    {
      title: 'Failure',
      cell: ({ failureType, mode }) => html`${failureType}${mode === null ? NOTHING : html` <small>mode ${mode}</small>`}`,
    },
    { title: 'Phase', cell: phaseMark },
    { title: 'Cause', cell: ({ cause }) => html`${cause ?? '–'}` },
    { title: 'Since', cell: ({ startedAt }) => html`${timeMark(startedAt)} <small>${agoText(startedAt, nowMs)}</small>` },
    { title: 'Asked', cell: (row) => askedMark(row, nowMs) },
  ];
  const left = total > incidents.length ? html`, ${incidents.length} of them here` : NOTHING;
  return table(html`${total} open${left}. Those that need a person come first.`, columns, incidents);
}

/** The target, with the way to its incident's page in the Web UI where that is known. */
export function named({ id, target, link }: Pick<OpenIncident, 'id' | 'target' | 'link'>): Markup {
  // It may go on in the next line after a slash.
  const name = (target ?? id).split('/').map((part, index) => (index === 0 ? html`${part}` : html`/<wbr>${part}`));
  return link === null ? html`${name}` : html`<a href="${link}">${name}</a>`;
}

function phaseMark(row: OpenIncident): Markup {
  if (row.phase === null) return html`<b>not begun</b> <small>no worker has taken it yet</small>`;
  const meaning = MEANINGS[row.phase];
  return html`<b class="${needsPerson(row) ? 'person' : 'going'}">${row.phase}</b>${meaning ? html` <small>${meaning}</small>` : NOTHING}`;
}

function askedMark({ asked, phase }: OpenIncident, nowMs: number): Markup {
  if (asked !== null) return questionMark(asked, nowMs);
  return phase === 'asking' ? html`no worker tells it` : html`–`;
}

function questionMark({ id, plan, expiresAt }: Question, nowMs: number): Markup {
  const restMs = Date.parse(expiresAt) - nowMs;
  const rest = restMs > 0 ? `${aboutText(restMs)} left` : 'the time is up';
  return html`${plan} <small>plan <code>${id}</code>, until ${timeMark(expiresAt)}, ${rest}</small>`;
}
