import { targetText } from '../../incident/target.ts';
import { firstRefusal, type Guard, limitsOf } from '../guard.ts';
import { actsDone } from '../ledger/ledger.ts';
import { windowFull } from './window.ts';

/** A cure that must be repeated is none: after so many a person looks for the cause. */
export const flapping: Guard = ({ request, ledger, nowMs }) => {
  const target = targetText(request.target);
  const cures = actsDone(ledger).flatMap((act) => (act.target === target && act.outcome === 'recovered' ? (act.endedMs ?? []) : []));
  return firstRefusal(
    limitsOf(request, (limits) => limits.cures),
    (rate, from) => {
      const refusal = windowFull(
        'flapping',
        rate,
        cures,
        nowMs,
        ({ max, span }) => `${target} was cured ${max} times within ${span} and fails again: no cure lasts (limit of ${from}).`,
      );
      return refusal && { ...refusal, retryAtMs: null };
    },
  );
};
