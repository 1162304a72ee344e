import { escapeMarkdown } from '../../incident/markdown.ts';
import type { Block, Page, Piece, Section } from './page.ts';

/** The report in Markdown, with tables as GitHub reads them. */
export function writeMarkdown({ title, blocks, sections }: Page): string {
  return `${[`# ${escapeMarkdown(title)}`, ...blocks.map(blockText), ...sections.flatMap((section) => sectionText(section, 2))].join('\n\n')}\n`;
}

function sectionText({ anchor, title, blocks, sections = [] }: Section, level: number): readonly string[] {
  return [
    `<a id="${anchor}"></a>\n\n${'#'.repeat(level)} ${escapeMarkdown(title)}`,
    ...blocks.map(blockText),
    ...sections.flatMap((inner) => sectionText(inner, level + 1)),
  ];
}

function blockText(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return piecesText(block.pieces);
    case 'list':
      return block.items.map((item) => `- ${piecesText(item)}`).join('\n');
    case 'table':
      return [
        row(block.header.map(escapeMarkdown)),
        row(block.header.map(() => '---')),
        ...block.rows.map((cells) => row(cells.map(piecesText))),
      ].join('\n');
    default:
      return block satisfies never;
  }
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function piecesText(pieces: readonly Piece[]): string {
  return pieces.map(pieceText).join('');
}

function pieceText(piece: Piece): string {
  if (typeof piece === 'string') return escapeMarkdown(piece);
  if (piece.kind === 'link') return `[${escapeMarkdown(piece.text)}](<${piece.url.replaceAll('>', '%3E')}>)`;
  const refs = piece.refs.map(({ anchor, text }) => `[${escapeMarkdown(text)}](#${anchor})`).join(', ');
  return `${escapeMarkdown(piece.value)}${refs === '' ? '' : ` (${refs})`}`;
}
