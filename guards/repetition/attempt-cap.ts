import { targetText } from '../../incident/target.ts';
import { firstRefusal, type Guard, limitsOf, refuse } from '../guard.ts';
import { isSameRun } from '../ledger/leases.ts';
import { actsDone, wentWrongMs } from '../ledger/ledger.ts';
import { isLimit, notALimit, windowFull } from './window.ts';

/** An incident has so many attempts. A count that cannot be read counts as the cap reached, never as zero. */
export const attemptCapOfIncident: Guard = ({ request, ledger }) => {
  const { attemptsMade, attempts } = request;
  if (!Number.isInteger(attemptsMade) || attemptsMade < 0)
    return refuse('attempt-cap', `The record of past attempts cannot be read (${attemptsMade}), so no further attempt is made.`, null);
  if (!isLimit(attempts.max)) return notALimit('attempt-cap', 'attempts.max', attempts.max);
  const made = Math.max(attemptsMade, actsDone(ledger).filter((act) => isSameRun(act, request)).length);
  return made < attempts.max ? null : refuse('attempt-cap', `${made} of ${attempts.max} attempts are used.`, null);
};

/** A target has so many attempts that do not help for good, whichever incidents make them. */
export const attemptCapOfTarget: Guard = ({ request, ledger, nowMs }) => {
  const target = targetText(request.target);
  const times = actsDone(ledger)
    .filter((act) => act.target === target)
    .flatMap((act) => (act.outcome === null ? nowMs : (wentWrongMs(act) ?? [])));
  return firstRefusal(
    limitsOf(request, (limits) => limits.target),
    (rate, from) =>
      windowFull(
        'attempt-cap',
        rate,
        times,
        nowMs,
        ({ max, span }) => `${max} attempts on ${target} within ${span} did not help for good (limit of ${from}).`,
      ),
  );
};
