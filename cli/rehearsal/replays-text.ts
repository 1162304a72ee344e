import type { Replay } from '../../rehearsal/recorded/replay.ts';
import { stepText } from '../../rehearsal/step-text.ts';
import { type Compared, timelineDiff } from '../../rehearsal/timeline.ts';
import { counted } from '../counted.ts';
import { printable } from '../printable.ts';
import type { Unplayed } from './recorded-incidents.ts';

const WHERE: Readonly<Record<Compared['in'], string>> = { both: '     ', was: 'then ', now: 'now  ' };

/** What came of recorded incidents: a line for each, and below it what is different. */
export function replaysText(replays: readonly Replay[], unplayed: readonly Unplayed[]): string {
  const lines = replays.flatMap((one) => [
    `${one.same ? 'same     ' : 'DIFFERENT'} ${one.incident} (${runbookText(one)})`,
    ...one.notes.map((note) => `    ${note}`),
    ...(one.same ? [] : timelineDiff(one.was, one.now).map(({ in: where, step }) => `  ${WHERE[where]}${stepText(step)}`)),
  ]);
  const different = replays.filter(({ same }) => !same).length;
  const end =
    different === 0
      ? `${counted(replays.length, 'incident')}, nothing different.`
      : `${different} of ${counted(replays.length, 'incident')} different.`;
  return `${[...lines, ...unplayed.map(({ why }) => `NOT PLAYED ${why}`), end].map(printable).join('\n')}\n`;
}

function runbookText({ runbook: { was, now } }: Replay): string {
  if (now === null) return `then by ${was}, now by none`;
  return was === now ? `by ${was}` : `then by ${was}, now by ${now}`;
}
