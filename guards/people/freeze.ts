import { type Guard, limitsOf, refuse } from '../guard.ts';
import type { Freeze, Ledger } from '../ledger/ledger.ts';
import type { PermitRequest } from '../request.ts';
import { inForceUntil } from './calendar.ts';

const LOOK_AGAIN_MS = 15_000;

/** Nothing begins while a person, or the calendar, says stop. */
export const freeze: Guard = ({ request, ledger, nowMs }) => {
  const called = freezeOver(ledger, { namespace: request.target.namespace, runbook: request.runbook }, nowMs);
  // It may be thawed at any time, so that asking again soon is worth it.
  if (called) return refuse('freeze', freezeText(called), Math.min(called.untilMs ?? Number.POSITIVE_INFINITY, nowMs + LOOK_AGAIN_MS));
  return byCalendar(request, nowMs);
};

/** The freeze that a person called over what is named; null when there is none. */
export function freezeOver(
  { freezes }: Pick<Ledger, 'freezes'>,
  what: Pick<Freeze, 'namespace' | 'runbook'>,
  nowMs: number,
): Freeze | null {
  const found = freezes.find(
    ({ namespace, runbook, untilMs }) =>
      (namespace === null || namespace === what.namespace) &&
      (runbook === null || runbook === what.runbook) &&
      (untilMs === null || untilMs > nowMs),
  );
  return found ?? null;
}

/** A freeze as people read it. */
export function freezeText({ namespace, runbook, by, reason, untilMs }: Freeze): string {
  const inNamespace = namespace === null ? 'Everything' : `Namespace ${namespace}`;
  const scope = runbook === null ? inNamespace : `Runbook ${runbook}${namespace === null ? '' : ` in namespace ${namespace}`}`;
  const until = untilMs === null ? 'until it is thawed' : `until ${new Date(untilMs).toISOString()}`;
  const why = reason === '' ? '' : `: ${reason.replace(/\.$/, '')}`;
  return `${scope} is frozen by ${by} ${until}${why}.`;
}

function byCalendar(request: PermitRequest, nowMs: number): ReturnType<Guard> {
  for (const { from, limit: windows } of limitsOf(request, ({ freezes }) => freezes))
    for (const window of windows) {
      const until = inForceUntil(window, nowMs);
      if (until !== null)
        return refuse(
          'freeze',
          `No change is made in this time: ${window.reason} (a freeze of ${from}, until ${new Date(until).toISOString()}).`,
          until,
        );
    }
  return null;
}
