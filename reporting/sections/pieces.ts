import { lengthText } from '../length-text.ts';
import type { Figure, Group, Spread } from '../measures/report.ts';
import { type Block, type Piece, type Plot, paragraph, type Tone } from '../page/page.ts';

type Counted = Pick<Figure, 'count' | 'incidents'>;

/** How many, with links to the incidents. @param anchor by which a plot points to it */
export function counted(figure: Counted, anchor?: string): Piece {
  return valued(String(figure.count), figure.incidents, anchor);
}

/** Something that some incidents make up, in words. */
export function valued(value: string, incidents: readonly number[], anchor?: string): Piece {
  const refs = incidents.map((number) => ({ anchor: `incident-${number}`, text: String(number) }));
  return { kind: 'figure', value, refs, ...(anchor === undefined ? {} : { anchor }) };
}

/** A share of which both parts are shown. */
export function shareText(share: number | null): string {
  return share === null ? 'none to speak of' : `${(share * 100).toFixed(share > 0.99 && share < 1 ? 2 : 0)} %`;
}

/** The three lengths of a spread, each in a cell of its own, and of how many they are. */
export function spreadCells({ of, medianMs, p90Ms, longestMs, incidents }: Spread): readonly (readonly Piece[])[] {
  const text = (ms: number | null) => [ms === null ? '–' : lengthText(ms)];
  return [[counted({ count: of, incidents })], text(medianMs), text(p90Ms), text(longestMs)];
}

export function table(caption: string, header: readonly string[], rows: readonly (readonly (readonly Piece[])[])[]): Block {
  return rows.length === 0 ? paragraph(`${caption}: none in this period.`) : { kind: 'table', caption, header, rows };
}

/** A table of names and how many, and the bars that show it. */
export function groupBlocks(
  anchor: string,
  caption: string,
  header: readonly [string, string],
  groups: readonly Group[],
): readonly Block[] {
  const rows = groups.map((group, index) => [[group.name], [counted(group, `${anchor}-${index}`)]]);
  const plot: Plot = {
    ...{ kind: 'plot', caption, bars: 'rows' },
    parts: [{ name: header[1], tone: 'plain' }],
    all: groups.map(({ name, count }, index) => ({ label: name, parts: [{ of: 0, value: count, anchor: `${anchor}-${index}` }] })),
  };
  return groups.length === 0 ? [table(caption, header, [])] : [plot, table(caption, header, rows)];
}

/** How an incident can end, in the order in which bars show it, and the colour of each. */
export const OUTCOME_TONES: readonly { readonly name: string; readonly tone: Tone }[] = [
  { name: 'recovered', tone: 'well' },
  { name: 'selfResolved', tone: 'byItself' },
  { name: 'contained', tone: 'contained' },
  { name: 'observed', tone: 'watched' },
  { name: 'dismissed', tone: 'plain' },
  { name: 'escalated', tone: 'person' },
  { name: 'cancelled', tone: 'ended' },
  { name: 'broken', tone: 'broken' },
];
