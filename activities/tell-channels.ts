import { ApplicationFailure } from '@temporalio/common';
import { TryLater } from '../clients/failures.ts';
import type { Notice } from '../incident/notice.ts';
import { type Channels, noteFailure } from './channels.ts';
import { messageOf } from './failures.ts';

/** A channel of `channels.yaml`, and how far it has come with what belongs together. */
export interface Place {
  readonly channel: string;
  /** Where the first of it was said; null where nothing was yet, or the channel has no such places. */
  readonly thread: string | null;
  /** It took the first of it. False where that is not known. */
  readonly isTold: boolean;
}

/** What is to be told to whom. */
export interface Telling {
  readonly notice: Notice;
  readonly to: readonly Place[];
  /** `once`: that nobody takes it is an answer. `untilTaken`: it fails then, so that it is sent again. */
  readonly patience: 'once' | 'untilTaken';
  /** Somebody was told, so that what is not taken leaves nobody in the dark. */
  readonly isTold: boolean;
}

/** What became of it. */
export interface Told {
  readonly took: readonly Place[];
  readonly missed: readonly Missed[];
}

/** A channel that did not take it. */
export interface Missed {
  readonly place: Place;
  /** As a sentence, without a secret. */
  readonly why: string;
  /** Milliseconds that it asked to wait; null where it did not. */
  readonly afterMs: number | null;
}

/**
 * Tells channels at once, so that none waits for another. What one does not take is logged and stands in the audit trail.
 * @throws when it has to be taken, and none took it
 */
export async function tellChannels(channels: Channels, { notice, to, patience, isTold }: Telling): Promise<Told> {
  const said = await Promise.all(to.map((place) => tellOne(channels, notice, place)));
  const took = said.flatMap((one) => ('why' in one ? [] : [one]));
  const missed = said.flatMap((one) => ('why' in one ? [one] : []));
  const isUntold = patience === 'untilTaken' && !isTold && took.length === 0;
  for (const { place } of missed) channels.count?.(kindOf(channels, place), isUntold ? 'untold' : 'failed');
  if (took.length > 0 || patience === 'once') return { took, missed };
  const waits = missed.flatMap(({ afterMs }) => afterMs ?? []);
  throw ApplicationFailure.create({
    message: `No channel took the message. ${missed.map(({ why }) => why).join(' ')}`,
    type: 'Failed',
    ...(waits.length === missed.length ? { nextRetryDelay: Math.min(...waits) } : {}),
  });
}

async function tellOne(channels: Channels, notice: Notice, place: Place): Promise<Place | Missed> {
  const channel = channels.named?.get(place.channel);
  try {
    if (channel === undefined) throw new Error('There is no such channel in channels.yaml any more.');
    const follows = notice.kind === 'acknowledged' || notice.kind === 'resolved';
    if (follows && !place.isTold && !channel.keepsKeys) return place;
    const thread = await channel.say(notice, place.thread);
    channels.count?.(channel.kind, 'told');
    return { ...place, thread, isTold: true };
  } catch (error) {
    const why = `${place.channel}: ${messageOf(error)}`;
    noteFailure(channels, notice, why);
    return { place, why, afterMs: error instanceof TryLater ? error.afterMs : null };
  }
}

function kindOf(channels: Channels, { channel }: Place) {
  return channels.named?.get(channel)?.kind ?? 'unknown';
}
