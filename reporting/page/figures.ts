import type { Act } from '../acts.ts';
import type { Duration } from '../durations.ts';
import { lengthText } from '../length-text.ts';
import type { Command, Story } from '../stories.ts';
import type { Piece, Ref } from './page.ts';

type Figure = Extract<Piece, { readonly kind: 'figure' }>;

/** How many incidents, each with a link. */
export function countOf(stories: readonly Story[]): Figure {
  return figure(String(stories.length), stories);
}

/** How many acts, with links to their incidents. */
export function actCount(acts: readonly Act[]): Figure {
  return figure(
    String(acts.length),
    acts.map(({ story }) => story),
  );
}

/** How many entries that the predicate is true of, with links to their incidents. */
export function entryCount(stories: readonly Story[], is: (entry: Story['within'][number]) => boolean): Figure {
  const own = stories.map((story) => ({ story, count: story.within.filter(is).length })).filter(({ count }) => count > 0);
  return figure(
    String(own.reduce((sum, { count }) => sum + count, 0)),
    own.map(({ story }) => story),
  );
}

export function commandCount(commands: readonly Command[]): Figure {
  return { kind: 'figure', value: String(commands.length), refs: commands.map(refToCommand) };
}

/** A figure that some incidents make up. */
export function figure(value: string, stories: readonly Story[]): Figure {
  return { kind: 'figure', value, refs: [...new Set(stories)].map(refTo) };
}

/** The middle one and the longest, with links to all. */
export function spread(durations: readonly Duration[]): Piece {
  if (durations.length === 0) return 'none in this period';
  const sorted = durations.map(({ ms }) => ms).sort((one, other) => one - other);
  const middle = (sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.ceil((sorted.length - 1) / 2)]!) / 2;
  const value = `median ${lengthText(middle)}, longest ${lengthText(sorted.at(-1)!)}, of ${sorted.length}`;
  return figure(
    value,
    durations.map(({ story }) => story),
  );
}

function refTo({ number }: Story): Ref {
  return { anchor: `incident-${number}`, text: String(number) };
}

function refToCommand({ number }: Command): Ref {
  return { anchor: `command-${number}`, text: `C${number}` };
}
