import { escapeHtml } from './escape-html.ts';
import { type Block, type Page, type Piece, REFS_OPEN_MAX, type Section } from './page.ts';
import { plotSvg } from './plot.ts';
import { STYLE } from './style.ts';

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
      return paragraphText(block.pieces);
    case 'list':
      return `<ul>\n${block.items.map((item) => `<li>${piecesText(item)}</li>`).join('\n')}\n</ul>`;
    case 'table':
      return tableText(block);
    case 'plot':
      return plotSvg(block);
    default:
      return block satisfies never;
  }
}

/** A paragraph of HTML ends where something begins that can be unfolded. */
function paragraphText(pieces: readonly Piece[]): string {
  const isFolded = pieces.some((piece) => typeof piece !== 'string' && piece.kind === 'figure' && piece.refs.length > REFS_OPEN_MAX);
  return isFolded ? `<div class="paragraph">${piecesText(pieces)}</div>` : `<p>${piecesText(pieces)}</p>`;
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
  if (piece.kind === 'place') return `<span id="${piece.anchor}">${escapeHtml(piece.text)}</span>`;
  return figureText(piece);
}

/** What is folded away is unfolded by a browser that is sent to a place in it. */
function figureText({ value, refs, anchor }: Extract<Piece, { readonly kind: 'figure' }>): string {
  const shown = `<strong>${escapeHtml(value)}</strong>`;
  if (refs.length === 0) return shown;
  const links = refs.map(({ anchor: to, text }) => `<a href="#${to}">${escapeHtml(text)}</a>`).join(', ');
  const isOpen = refs.length <= REFS_OPEN_MAX;
  const listed = isOpen ? `(${links})` : links;
  const placed = anchor === undefined ? listed : `<span id="${anchor}">${listed}</span>`;
  return isOpen ? `${shown} ${placed}` : `<details><summary>${shown}</summary>${placed}</details>`;
}
