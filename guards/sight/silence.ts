import { firstRefusal, type Guard, limitsOf, refuse } from '../guard.ts';
import { spanText } from '../repetition/window.ts';

const LOOK_AGAIN_MS = 60_000;

/** A source of alerts that proved to be alive and has fallen silent is blind, and what it says of health is nothing. */
export const silence: Guard = ({ request, ledger, nowMs }) =>
  firstRefusal(
    limitsOf(request, ({ silenceSeconds }) => silenceSeconds),
    (seconds, from) => {
      // Written so that a limit that is no number finds everything silent.
      const silent = Object.entries(ledger.heartbeats).find(([, atMs]) => !(nowMs - atMs < seconds * 1000));
      if (!silent) return null;
      const [source, atMs] = silent;
      return refuse(
        'sight',
        `The source of alerts ${source} has been silent since ${new Date(atMs).toISOString()}, and ${spanText(seconds)} are the limit of ${from}; silence is not health.`,
        nowMs + LOOK_AGAIN_MS,
      );
    },
  );
