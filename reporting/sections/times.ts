import { WAITS } from '../history/waits.ts';
import { lengthText } from '../length-text.ts';
import type { Report, Spread } from '../measures/report.ts';
import { type Block, type Piece, type Plot, paragraph, type Section } from '../page/page.ts';
import { counted, spreadCells, table } from './pieces.ts';

const HEADER = ['incidents', 'median', 'nine in ten within', 'longest'] as const;

type Times = Report['times'];

/** How long it took, and what of that was waited for on purpose. */
export function timesSection({ times, incidents }: Report): Section {
  const { detect, firstAction, recover, handedOver, waits } = times;
  const simulated = incidents.filter(({ isSimulated }) => isSimulated).map(({ number }) => number);
  const row = (name: string, spread: Spread): (readonly Piece[])[] => [[name], ...spreadCells(spread)];
  const without = (name: string, { withoutWaits }: Times['recover']) => (withoutWaits ? [row(name, withoutWaits)] : []);
  return {
    anchor: 'times',
    title: 'How long it took',
    blocks: [
      table(
        'Times',
        ['from and until', ...HEADER],
        [
          row('to detect: from when its source saw it begin until it was opened', detect),
          row('to first action: from when it was opened until something was changed', firstAction.all),
          ...without('the same, without what was waited for on purpose', firstAction),
          row('to recover: from when it was opened until its target was verified to be well', recover.all),
          ...without('the same, without what was waited for on purpose', recover),
          row('in hands of people: from when one was needed until it was over', handedOver),
        ],
      ),
      ...(waits === null
        ? [paragraph('What was waited for on purpose an audit trail does not tell; histories in Temporal do.')]
        : [waitTable(waits)]),
      ...(simulated.length === 0
        ? []
        : [
            paragraph(
              'Their times are no real ones, since a server that skips time or a clock that was set made them, and they are not counted here: ',
              counted({ count: simulated.length, incidents: simulated }),
              '.',
            ),
          ]),
      ...recoveryBlocks(times),
    ],
  };
}

function waitTable(waits: NonNullable<Times['waits']>): Block {
  const rows = waits
    .filter(({ totalMs }) => totalMs > 0)
    .map(({ kind, totalMs, spread }) => [[WAITS[kind]], [lengthText(totalMs)], ...spreadCells(spread)]);
  return table('Waited for on purpose, in this period', ['what was waited', 'all together', ...HEADER], rows);
}

function recoveryBlocks({ recoveries }: Times): readonly Block[] {
  const last = recoveries.findLastIndex(({ count }) => count > 0);
  if (last < 0) return [];
  const shown = recoveries.slice(0, last + 1);
  const nameOf = (upToMs: number | null, index: number) =>
    upToMs === null ? `over ${lengthText(recoveries[index - 1]!.upToMs!)}` : `to ${lengthText(upToMs)}`;
  const caption = 'How many took so long to recover';
  const plot: Plot = {
    ...{ kind: 'plot', caption, bars: 'columns' },
    parts: [{ name: 'incidents', tone: 'well' }],
    all: shown.map(({ upToMs, count }, index) => ({
      label: nameOf(upToMs, index),
      parts: [{ of: 0, value: count, anchor: `recovery-${index}` }],
    })),
  };
  const rows = shown.flatMap((one, index) => (one.count === 0 ? [] : [[[nameOf(one.upToMs, index)], [counted(one, `recovery-${index}`)]]]));
  return [plot, table(caption, ['time to recover', 'incidents'], rows)];
}
