import type { Board } from '../../guards/board.ts';
import { boardSections } from '../../workflows/board-sections.ts';
import { printable } from '../printable.ts';
import { type DeskOptions, freezesOf, withDesk } from './desk.ts';
import { wrapped } from './wrapped.ts';

const COLUMNS = 100;

export function showBoard(options: DeskOptions): Promise<void> {
  return withDesk(options, async ({ cluster, where, desk, shared }) => {
    const board = await desk.board();
    const frozenInAllClusters = shared === null ? [] : await freezesOf(shared);
    process.stdout.write(
      options.json ? `${JSON.stringify({ cluster, board, frozenInAllClusters })}\n` : boardLines(where, board, frozenInAllClusters),
    );
  });
}

/** The board for a terminal. @param frozenInAllClusters null: nobody can tell */
function boardLines(where: string, board: Board, frozenInAllClusters: readonly string[] | null): string {
  const everywhere = frozenInAllClusters ?? ['Whether it is cannot be told: no worker answered.'];
  const sections = [...(everywhere.length > 0 ? [{ title: 'Frozen in all clusters', lines: everywhere }] : []), ...boardSections(board)];
  const text = sections.flatMap(({ title, lines }) => ['', title, ...lines.flatMap((line) => wrapped(printable(line), COLUMNS, 2))]);
  const quiet = sections.length === 0 ? ['', 'Nothing is held, refused or used up.'] : [];
  return `${[`Permits of ${where}. All times are UTC.`, ...text, ...quiet].join('\n')}\n`;
}
