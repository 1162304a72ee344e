import type { Missed, Place, Told } from '../activities/tell-channels.ts';
import type { Notice } from '../incident/notice.ts';
import { tellChannels } from './calls.ts';
import { settled } from './settled.ts';

/** As long as an incident is watched. */
const TOLD_WITHIN_MS = 7 * 86_400_000;
/** Past that, whoever was told of the beginning does not hear the end. */
const FOLLOWED_WITHIN_MS = 10 * 60_000;

/** What the channels of a chain are told under one key. */
export interface Page {
  /** Whether any channel took the first of it. */
  isTold(): boolean;
  /** Whether any was tried. */
  isTried(): boolean;
  /** Names of the channels that took the first of it. */
  told(): readonly string[];
  /** Tells channels once, all at the same time. */
  tell(channels: readonly string[], notice: Notice): Promise<Told>;
  /** Tells channels again and again, each until it takes it; may be cancelled. */
  keepTelling(channels: readonly string[], notice: Notice): Promise<void>;
  /** Says how it goes on to whoever took the beginning, or may have. Returns the names of those that did not hear it. */
  follow(notice: Notice): Promise<readonly string[]>;
}

export function openPage(): Page {
  const places = new Map<string, Place>();
  const placeOf = (channel: string): Place => places.get(channel) ?? { channel, thread: null, isTold: false };
  const told = () => [...places.values()].filter(({ isTold }) => isTold).map(({ channel }) => channel);

  function note({ took, missed }: Told): void {
    for (const { place } of missed) if (!places.has(place.channel)) places.set(place.channel, place);
    for (const place of took) places.set(place.channel, place);
  }

  async function eachUntilTaken(notice: Notice, to: readonly Place[], withinMs: number): Promise<readonly string[]> {
    const untilMs = Date.now() + withinMs;
    let rest = to;
    while (rest.length > 0) {
      const telling = { notice, to: rest, patience: 'untilTaken' as const, isTold: told().length > 0 };
      const tried = await settled(() => tellChannels(telling, Math.max(1, untilMs - Date.now())));
      if (tried.kind === 'failed') break;
      note(tried.value);
      rest = tried.value.missed.map(({ place }) => place);
    }
    return rest.map(({ channel }) => channel);
  }

  return {
    told,
    isTold: () => told().length > 0,
    isTried: () => places.size > 0,

    async tell(channels, notice) {
      const to = channels.map(placeOf);
      const tried = await settled(() => tellChannels({ notice, to, patience: 'once', isTold: told().length > 0 }));
      // Whether one of them took it is not known.
      const missed = (why: string): Missed[] => to.map((place) => ({ place, why: `${place.channel}: ${why}`, afterMs: null }));
      const said: Told = tried.kind === 'done' ? tried.value : { took: [], missed: missed(tried.message) };
      note(said);
      return said;
    },

    async keepTelling(channels, notice) {
      await eachUntilTaken(notice, channels.map(placeOf), TOLD_WITHIN_MS);
    },

    follow: (notice) => eachUntilTaken(notice, [...places.values()], FOLLOWED_WITHIN_MS),
  };
}
