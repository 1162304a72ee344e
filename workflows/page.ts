import { CancellationScope, condition, isCancellation } from '@temporalio/workflow';
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
  /**
   * Says how it goes on, once no beginning is being told any more: to whoever took the beginning, until each has heard it; and once to whoever may have, whose answer was lost. Returns
   * the names of those that took the beginning and did not hear this.
   */
  follow(notice: Notice): Promise<readonly string[]>;
}

export function openPage(): Page {
  const places = new Map<string, Place>();
  /** Beginnings that are still being told. */
  let late: readonly Promise<unknown>[] = [];
  const placeOf = (channel: string): Place => places.get(channel) ?? { channel, thread: null, isTold: false };
  const told = () => [...places.values()].filter(({ isTold }) => isTold).map(({ channel }) => channel);

  function note({ took, missed }: Told): void {
    for (const { place } of missed) if (!places.has(place.channel)) places.set(place.channel, place);
    for (const place of took) places.set(place.channel, place);
  }

  /** Returns the names of those that did not take it in time. */
  async function eachUntilTaken(notice: Notice, to: readonly Place[], withinMs: number): Promise<readonly string[]> {
    const untilMs = Date.now() + withinMs;
    let rest = to;
    while (rest.length > 0 && Date.now() < untilMs) {
      const isInTheDark = told().length === 0;
      const telling = { notice, to: rest, patience: 'untilTaken' as const, isTold: !isInTheDark };
      const tried = await whileSo(isInTheDark, () => settled(() => tellChannels(telling, Math.max(1, untilMs - Date.now()))));
      if (tried?.kind === 'failed') break;
      if (tried) note(tried.value);
      rest = tried?.value.missed.map(({ place }) => place) ?? rest;
    }
    return rest.map(({ channel }) => channel);
  }

  /** What is tried in the dark ends early, with null, once somebody knows: to be tried from then on it is no longer so urgent. */
  async function whileSo<T>(isInTheDark: boolean, call: () => Promise<T>): Promise<T | null> {
    if (!isInTheDark) return call();
    const scope = new CancellationScope();
    condition(() => told().length > 0).then(
      () => scope.cancel(),
      () => undefined,
    );
    try {
      return await scope.run(call);
    } catch (error) {
      if (isCancellation(error) && !CancellationScope.current().consideredCancelled) return null;
      throw error;
    }
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
      const telling = eachUntilTaken(notice, channels.map(placeOf), TOLD_WITHIN_MS);
      late = [...late, telling];
      await telling;
    },

    async follow(notice) {
      await Promise.allSettled(late);
      const heard = [...places.values()].filter(({ isTold }) => isTold);
      const perhaps = [...places.values()].filter(({ isTold }) => !isTold);
      const once = perhaps.length === 0 ? null : settled(() => tellChannels({ notice, to: perhaps, patience: 'once', isTold: true }));
      const missed = await eachUntilTaken(notice, heard, FOLLOWED_WITHIN_MS);
      await once;
      return missed;
    },
  };
}
