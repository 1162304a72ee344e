import { activityInfo, cancellationSignal, heartbeat } from '@temporalio/activity';
import type { Brought, Portion } from '../incident/portion.ts';
import { asActivityFailure } from './failures.ts';

/** Some minutes of tries with all in their order, before those that cannot be brought let the others go on. */
const TRIES_MAX = 8;
const HEARTBEAT_MS = 5_000;

/** How many alerts of a portion have been dealt with. */
interface Progress {
  done: number;
}

/**
 * Brings alerts of a portion to their incidents for a while, beginning with that one.
 * @throws when it was told to stop
 */
export type Bring = (portion: Portion, from: number, progress: Progress, stop: AbortSignal) => Promise<Brought>;

export function bringingActivities(bring: Bring) {
  return {
    /** Brings a stretch of a portion's alerts to their incidents. What is brought twice joins twice, which changes nothing. */
    bringAlerts(portion: Portion, from: number): Promise<Brought> {
      return asActivityFailure(async () => {
        const progress = { done: from };
        const beating = setInterval(() => heartbeat({ ...progress, of: portion.alerts }), HEARTBEAT_MS);
        try {
          const brought = await bring(portion, from, progress, cancellationSignal());
          if (brought.left && activityInfo().attempt < TRIES_MAX) throw new Error(brought.left.why);
          return brought;
        } finally {
          clearInterval(beating);
        }
      });
    },
  };
}
