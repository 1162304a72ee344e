import type { Board } from '../../guards/board.ts';
import { boardSections } from '../../workflows/board-sections.ts';
import { printable } from '../printable.ts';
import { type DeskOptions, freezesOf, withDesk } from './desk.ts';
import { wrapped } from './wrapped.ts';

const COLUMNS = 100;

export function showBoard(options: DeskOptions): Promise<void> {
  return withDesk(options, async ({ cluster, where, desk, shared }) => {
    const board = await desk.board();
    const { heartbeats: sources } = await desk.ledger();
    const frozenInAllClusters = shared === null ? [] : await freezesOf(shared);
    process.stdout.write(
      options.json
        ? `${JSON.stringify({ cluster, board, sources, frozenInAllClusters })}\n`
        : boardLines(where, { board, sources, frozenInAllClusters }),
    );
  });
}

interface Shown {
  readonly board: Board;
  readonly sources: Readonly<Record<string, number>>;
  /** Null: nobody can tell. */
  readonly frozenInAllClusters: readonly string[] | null;
}

/** The board for a terminal. */
function boardLines(where: string, { board, sources, frozenInAllClusters }: Shown): string {
  const everywhere = frozenInAllClusters ?? ['Whether it is cannot be told: no worker answered.'];
  const heard = Object.entries(sources).map(
    ([name, ms]) => `${name}: alive at ${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')}`,
  );
  const sections = [
    { title: 'Frozen in all clusters', lines: everywhere },
    ...boardSections(board),
    { title: 'Sources of alerts', lines: heard },
  ].filter(({ lines }) => lines.length > 0);
  const text = sections.flatMap(({ title, lines }) => ['', title, ...lines.flatMap((line) => wrapped(printable(line), COLUMNS, 2))]);
  const quiet = sections.length === 0 ? ['', 'Nothing is held, refused or used up.'] : [];
  return `${[`Permits of ${where}. All times are UTC.`, ...text, ...quiet].join('\n')}\n`;
}
