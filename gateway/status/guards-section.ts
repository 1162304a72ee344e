import type { BoardSection } from '../../workflows/board-sections.ts';
import { html, type Markup } from './html.ts';
import type { OfficeStatus, Status } from './status.ts';

/** What holds remedies back, or soon may. */
export function guardsSection({ guards }: Status): Markup {
  return html`${guards.map(officeMark)}`;
}

function officeMark({ cluster, sections }: OfficeStatus): Markup {
  const where = cluster === null ? 'What all clusters share' : `Cluster ${cluster}`;
  return html`<h3>${where}</h3>
${
  sections === null
    ? html`<p class="person">No worker tells it. Where none runs, nothing is healed.</p>
`
    : sectionsMark(sections)
}`;
}

function sectionsMark(sections: readonly BoardSection[]): Markup {
  if (sections.length === 0)
    return html`<p>Nothing is frozen, held, refused or used up.</p>
`;
  return html`${sections.map(
    ({ title, lines }) => html`<h4>${title}</h4>
<ul>
${lines.map(
  (line) => html`<li>${line}</li>
`,
)}</ul>
`,
  )}`;
}
