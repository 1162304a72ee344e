import type { Board } from '../guards/board.ts';
import { escapeMarkdown } from '../incident/markdown.ts';
import { type BoardSection, boardSections } from './board-sections.ts';

/** So many lines of one kind can be read; the command line tells all. */
const LINES_MAX = 25;

/** A permit office's page in the Web UI: what is stopped, what is open, what is used up, who holds what. */
export function boardText(cluster: string | null, board: Board): string {
  const sections = boardSections(board).flatMap(section);
  const quiet = sections.length === 0 ? ['Nothing is held, refused or used up.', ''] : [];
  // The page cuts off about a line at the end, so that it ends with one that says nothing.
  return [
    `### Permits of ${cluster === null ? 'all clusters' : `cluster ${escapeMarkdown(cluster)}`}`,
    '',
    ...(sections.length === 0 ? [] : ['All times are UTC.', '']),
    ...quiet,
    ...sections,
    '\u00a0',
    '',
  ].join('\n');
}

function section({ title, lines }: BoardSection): string[] {
  const more = lines.length > LINES_MAX ? [`- and ${lines.length - LINES_MAX} more`] : [];
  return [`**${title}**`, '', ...lines.slice(0, LINES_MAX).map((line) => `- ${escapeMarkdown(line)}`), ...more, ''];
}
