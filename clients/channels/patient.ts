import { TryLater } from '../failures.ts';
import type { Channel } from './channel.ts';

/** One that asks to be left alone for longer is asked again all the same: people are to be told. */
const WAIT_MS_MAX = 300_000;

/** A channel that is left alone for as long as it asked for, by every incident: its limit is one for all of them. */
export function patient(channel: Channel, nowMs: () => number = Date.now): Channel {
  let untilMs = 0;
  return {
    ...channel,
    async say(notice, thread) {
      const restMs = untilMs - nowMs();
      if (restMs > 0) throw new TryLater(`It asked to be left alone, for ${Math.ceil(restMs / 1000)} s more.`, restMs);
      try {
        return await channel.say(notice, thread);
      } catch (error) {
        if (!(error instanceof TryLater) || error.afterMs === null) throw error;
        const waitMs = Math.min(error.afterMs, WAIT_MS_MAX);
        untilMs = nowMs() + waitMs;
        throw new TryLater(error.message, waitMs);
      }
    },
  };
}
