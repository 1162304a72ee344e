import type { Group, Report } from '../measures/report.ts';
import { type Bar, type Block, type Piece, type Plot, paragraph, type Section } from '../page/page.ts';
import { counted, OUTCOME_TONES, table } from './pieces.ts';

/** How many incidents there were, of what, and how they ended. */
export function summarySection({ summary }: Report): Section {
  const { opened, ended, open, types, causes } = summary;
  return {
    anchor: 'summary',
    title: 'Incidents',
    blocks: [
      paragraph('Opened in this period: ', counted(opened), '. Ended in it: ', counted(ended), '. Open at its end: ', counted(open), '.'),
      ...dayBlocks(summary),
      byOutcome('Types of failure, of those that ended', 'type', types, summary.outcomes),
      byOutcome('Causes, of those that ended', 'cause', causes, summary.outcomes),
    ],
  };
}

function byOutcome(
  caption: string,
  what: string,
  groups: readonly (Group & { readonly outcomes: readonly Group[] })[],
  outcomes: readonly Group[],
): Block {
  const names = outcomes.map(({ name }) => name);
  const rows = groups.map((group) => [[group.name], [counted(group)], ...names.map((name) => cellOf(group.outcomes, name))]);
  return table(caption, [what, 'ended', ...names], rows);
}

function cellOf(outcomes: readonly Group[], name: string, anchor?: string): readonly Piece[] {
  const found = outcomes.find((one) => one.name === name);
  return [found ? counted(found, anchor) : '0'];
}

/** A bar and a row for each day; days on which nothing ended have a bar alone. */
function dayBlocks({ days, outcomes, ended }: Report['summary']): readonly Block[] {
  if (ended.count === 0) return [];
  const isLong = days.some(({ from, to }) => Date.parse(to) - Date.parse(from) > 86_400_000);
  const caption = isLong ? 'Ended, by when and how' : 'Ended, by day and how';
  const known = OUTCOME_TONES.filter(({ name }) => outcomes.some((one) => one.name === name));
  const others = outcomes.filter(({ name }) => !known.some((one) => one.name === name));
  const parts = [...known, ...others.map(({ name }) => ({ name, tone: 'plain' as const }))];
  const anchorOf = (day: number, part: number) => `day-${day}-${part}`;
  const all = days.map(
    ({ from, outcomes: own }, day): Bar => ({
      label: from.slice(5, 10),
      parts: parts.map(({ name }, of) => ({ of, value: own.find((one) => one.name === name)?.count ?? 0, anchor: anchorOf(day, of) })),
    }),
  );
  const rows = days.flatMap(({ from, to, outcomes: own }, day) => {
    if (own.length === 0) return [];
    const name = isLong ? `${from.slice(0, 10)} to ${new Date(Date.parse(to) - 1).toISOString().slice(0, 10)}` : from.slice(0, 10);
    return [[[name], ...parts.map((part, of) => cellOf(own, part.name, anchorOf(day, of)))]];
  });
  const plot: Plot = { kind: 'plot', caption, bars: 'columns', parts, all };
  return [plot, table(caption, ['UTC', ...parts.map(({ name }) => name)], rows)];
}
