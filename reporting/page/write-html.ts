import type { Block, Page, Piece, Section } from './page.ts';

/** So many links stand in the open; more are folded away. */
const REFS_OPEN_MAX = 8;

const STYLE = `
:root { color-scheme: light dark; --text: #1b1f24; --back: #fff; --line: #c9d1d9; --soft: #f3f5f7; --link: #0b57a4; }
@media (prefers-color-scheme: dark) { :root { --text: #e6e9ed; --back: #14181d; --line: #3a434d; --soft: #1d232a; --link: #8ac0ff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 75rem; padding: 1.5rem; background: var(--back); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: break-word; }
a { color: var(--link); }
a:focus-visible, summary:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
h1 { font-size: 1.6rem; line-height: 1.25; }
h2 { margin-top: 2.5rem; border-bottom: 1px solid var(--line); }
h3 { margin-bottom: .25rem; font-size: 1.05rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; margin: 1rem 0; }
caption { text-align: left; font-weight: 600; padding-bottom: .25rem; white-space: nowrap; }
th, td { border: 1px solid var(--line); padding: .3rem .6rem; text-align: left; vertical-align: top; }
thead th { background: var(--soft); }
tbody th { font-weight: 400; }
details { display: inline-block; vertical-align: top; }
:target { background: var(--soft); }
@media print { body { max-width: none; } }`;

/** The report as one HTML file that needs no other, for light and dark, and without any script. */
export function writeHtml({ title, blocks, sections }: Page): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(title)}</title>
<style>${STYLE}
</style>
</head>
<body>
<header>
<h1>${escapeHtml(title)}</h1>
${blocks.map(blockText).join('\n')}
<nav aria-label="Sections"><ul>
${sections.map(({ anchor, title: name }) => `<li><a href="#${anchor}">${escapeHtml(name)}</a></li>`).join('\n')}
</ul></nav>
</header>
<main>
${sections.map((section) => sectionText(section, 2)).join('\n')}
</main>
</body>
</html>
`;
}

function sectionText({ anchor, title, blocks, sections = [] }: Section, level: number): string {
  const inner = [...blocks.map(blockText), ...sections.map((one) => sectionText(one, level + 1))];
  return [
    `<section id="${anchor}" aria-labelledby="${anchor}-title">`,
    `<h${level} id="${anchor}-title">${escapeHtml(title)}</h${level}>`,
    ...inner,
    '</section>',
  ].join('\n');
}

function blockText(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return `<p>${piecesText(block.pieces)}</p>`;
    case 'list':
      return `<ul>\n${block.items.map((item) => `<li>${piecesText(item)}</li>`).join('\n')}\n</ul>`;
    case 'table':
      return tableText(block);
    default:
      return block satisfies never;
  }
}

function tableText({ caption, header, rows }: Extract<Block, { readonly kind: 'table' }>): string {
  const head = header.map((cell) => `<th scope="col">${escapeHtml(cell)}</th>`).join('');
  const body = rows.map(([first = [], ...rest]) => {
    const cells = rest.map((cell) => `<td>${piecesText(cell)}</td>`).join('');
    return `<tr><th scope="row">${piecesText(first)}</th>${cells}</tr>`;
  });
  return `<div class="wide" role="region" tabindex="0" aria-label="${escapeHtml(caption)}"><table>
<caption>${escapeHtml(caption)}</caption>
<thead><tr>${head}</tr></thead>
<tbody>
${body.join('\n')}
</tbody>
</table></div>`;
}

function piecesText(pieces: readonly Piece[]): string {
  return pieces.map(pieceText).join('');
}

function pieceText(piece: Piece): string {
  if (typeof piece === 'string') return escapeHtml(piece);
  if (piece.kind === 'link') return `<a href="${escapeHtml(piece.url)}" rel="noreferrer">${escapeHtml(piece.text)}</a>`;
  const value = `<strong>${escapeHtml(piece.value)}</strong>`;
  if (piece.refs.length === 0) return value;
  const refs = piece.refs.map(({ anchor, text }) => `<a href="#${anchor}">${escapeHtml(text)}</a>`).join(', ');
  return piece.refs.length <= REFS_OPEN_MAX ? `${value} (${refs})` : `<details><summary>${value}</summary>${refs}</details>`;
}

function escapeHtml(text: string): string {
  const marks: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replace(/\p{Cc}+/gu, ' ').replace(/[&<>"']/g, (mark) => marks[mark]!);
}
