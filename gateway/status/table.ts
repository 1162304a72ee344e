import { html, type Markup, NOTHING } from './html.ts';

/** A column of a table, and how a row is told in it. */
export interface Column<T> {
  readonly title: string;
  readonly cell: (row: T) => Markup;
  readonly isNumber?: boolean;
}

/**
 * A table whose first column names its rows. On a narrow screen its style makes a block of each row, in which every cell says its
 * column; the roles keep it a table for whoever has it read to them.
 */
export function table<T>(caption: Markup, columns: readonly Column<T>[], rows: readonly T[]): Markup {
  const [named, ...others] = columns;
  const head = columns.map(({ title, isNumber }) => html`<th role="columnheader" scope="col"${numeric(isNumber)}>${title}</th>`);
  const body = rows.map(
    (row) => html`<tr role="row"><th role="rowheader" scope="row">${named!.cell(row)}</th>${others.map(
      ({ title, cell, isNumber }) => html`<td role="cell" data-column="${title}"${numeric(isNumber)}>${cell(row)}</td>`,
    )}</tr>
`,
  );
  return html`<table role="table">
<caption>${caption}</caption>
<thead role="rowgroup"><tr role="row">${head}</tr></thead>
<tbody role="rowgroup">
${body}</tbody>
</table>
`;
}

function numeric(isNumber: boolean | undefined): Markup {
  return isNumber ? html` class="number"` : NOTHING;
}
