import { condition, sleep } from '@temporalio/workflow';
import type { IncidentRun } from '../incident/incident.ts';
import { closedIncidents } from './calls.ts';
import type { OfficeRecord } from './office-record.ts';
import { settled } from './settled.ts';
import { recordUnreported } from './unreported.ts';

const LOOK_EVERY = '30s';
/** Incidents looked after at one time; where there are more, the next look goes on with them. */
const LOOKED_AFTER_MAX = 500;

/** Looks after incidents whose workflows are gone without a word, and lets go of what they held. Never ends. */
export async function keepLookout(cluster: string | null, record: OfficeRecord): Promise<never> {
  let turn = 0;
  for (;;) {
    await condition(() => record.ledger().storms.length > 0 || heldOrFailing(record).length > 0);
    await sleep(LOOK_EVERY, { summary: 'Look whether incidents that hold something are still open' });
    record.passTime();
    const all = heldOrFailing(record);
    if (turn >= all.length) turn = 0;
    const some = all.slice(turn, turn + LOOKED_AFTER_MAX);
    turn += some.length;
    if (some.length === 0) continue;
    const closed = await settled(() => closedIncidents(some));
    for (const incident of closed.kind === 'done' ? closed.value : []) {
      // The office of all clusters has the same permits, and no cluster to write to.
      if (cluster !== null) await recordUnreported(cluster, record.ledger().acts, incident);
      record.enter({ kind: 'left', incident, isOver: true });
    }
  }
}

/** Incidents that hold something come first. */
function heldOrFailing(record: OfficeRecord): readonly IncidentRun[] {
  const { holds, acts, failures } = record.ledger();
  const all = [...holds, ...acts.filter(({ outcome }) => outcome === null), ...failures.filter(({ isOpen }) => isOpen)];
  const runs = new Map(all.map(({ incident, run }) => [`${incident}/${run}`, { incident, run }]));
  return [...runs.values()];
}
