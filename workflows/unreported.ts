import { isSameRun } from '../guards/ledger/leases.ts';
import type { Act } from '../guards/ledger/ledger.ts';
import type { IncidentRun } from '../incident/incident.ts';
import { targetOf } from '../incident/target.ts';
import { auditSoon } from './calls.ts';
import { settled } from './settled.ts';

/** Writes down which permits an incident that is gone never reported on: whether they were used is told nowhere else. */
export async function recordUnreported(cluster: string, acts: readonly Act[], gone: IncidentRun): Promise<void> {
  const open = acts.filter((act) => act.outcome === null && isSameRun(act, gone));
  await Promise.all(
    open.map(({ id, incident, run, remedy, target, grantedMs }) => {
      const since = new Date(grantedMs).toISOString();
      const text = `The incident is gone and never reported on its permit for ${remedy} on ${target}, granted at ${since}: whether it was done is not known, and counts as a failure. Look at the target.`;
      const whole = targetOf(cluster, target);
      const entry = {
        ...{ at: new Date().toISOString(), incident, run, step: 'NotReported' as const, text, key: id, permit: id, remedy },
        ...{ result: { kind: 'unknown' as const, text: 'It was never reported.' }, ...(whole ? { target: whole } : {}) },
      };
      return settled(() => auditSoon('Audit: NotReported', whole, entry));
    }),
  );
}
