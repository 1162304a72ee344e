import { lengthText } from '../length-text.ts';
import type { Incident, Report } from '../measures/report.ts';
import { type Piece, paragraph, type Section } from '../page/page.ts';

/** The incidents that the figures name. */
export function incidentsSection({ incidents }: Report): Section {
  return {
    anchor: 'incidents',
    title: 'The incidents one by one',
    blocks:
      incidents.length === 0
        ? [paragraph('There is no incident in this period.')]
        : [
            {
              kind: 'table',
              caption: 'Incidents',
              header: ['number', 'incident', 'type', 'cause', 'outcome', 'opened', 'recovered after', 'ended after'],
              rows: incidents.map(rowOf),
            },
          ],
  };
}

function rowOf({ number, id, link, failureType, cause, outcome, opened, recovered, ended }: Incident): readonly (readonly Piece[])[] {
  const after = (at: string | null) => (at === null ? '–' : lengthText(Math.max(0, Date.parse(at) - Date.parse(opened))));
  return [
    [{ kind: 'place', anchor: `incident-${number}`, text: String(number) }],
    [link === null ? id : { kind: 'link', text: id, url: link }],
    [failureType],
    [cause ?? 'none named'],
    [outcome ?? 'open'],
    [opened.slice(0, 19).replace('T', ' ')],
    [after(recovered)],
    [after(ended)],
  ];
}
