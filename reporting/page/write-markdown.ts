import { escapeMarkdown } from '../../incident/markdown.ts';
import { type Block, type Page, type Piece, REFS_OPEN_MAX, type Ref, type Section } from './page.ts';

/** The report in Markdown, with tables as GitHub reads them. */
export function writeMarkdown({ title, blocks, sections }: Page): string {
  return `${[`# ${escapeMarkdown(title)}`, ...blocksText(blocks), ...sections.flatMap((section) => sectionText(section, 2))].join('\n\n')}\n`;
}

function sectionText({ anchor, title, blocks, sections = [] }: Section, level: number): readonly string[] {
  return [
    `<a id="${anchor}"></a>\n\n${'#'.repeat(level)} ${escapeMarkdown(title)}`,
    ...blocksText(blocks),
    ...sections.flatMap((inner) => sectionText(inner, level + 1)),
  ];
}

function blocksText(blocks: readonly Block[]): readonly string[] {
  return blocks.map(blockText).filter((text) => text !== null);
}

/** Null: it cannot be written so, and need not be. */
function blockText(block: Block): string | null {
  switch (block.kind) {
    case 'paragraph':
      return piecesText(block.pieces);
    case 'list':
      return block.items.map((item) => `- ${piecesText(item)}`).join('\n');
    case 'table':
      return [
        `**${escapeMarkdown(block.caption)}**\n`,
        row(block.header.map(escapeMarkdown)),
        row(block.header.map(() => '---')),
        ...block.rows.map((cells) => row(cells.map(piecesText))),
      ].join('\n');
    case 'plot':
      // The table beside it says the same in numbers.
      return null;
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
  if (piece.kind === 'place') return `<a id="${piece.anchor}"></a>${escapeMarkdown(piece.text)}`;
  const refs = piece.refs.length > REFS_OPEN_MAX ? rangesText(piece.refs) : piece.refs.map(refText).join(', ');
  return `${escapeMarkdown(piece.value)}${refs === '' ? '' : ` (${refs})`}`;
}

function refText({ anchor, text }: Ref): string {
  return `[${escapeMarkdown(text)}](#${anchor})`;
}

/** Many places, of which those whose numbers follow each other are told by the first and the last. */
function rangesText(refs: readonly Ref[]): string {
  const ranges: Ref[][] = [];
  for (const ref of refs) {
    const range = ranges.at(-1);
    if (range && Number(ref.text) === Number(range.at(-1)?.text) + 1) range.push(ref);
    else ranges.push([ref]);
  }
  const text = (range: readonly Ref[]) =>
    range.length > 2 ? `${refText(range[0]!)}–${refText(range.at(-1)!)}` : range.map(refText).join(', ');
  return ranges.map(text).join(', ');
}
