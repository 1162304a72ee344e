import { activityInfo } from '@temporalio/activity';
import type { PermitOffices } from '../clients/permit-offices.ts';
import type { IncidentRun } from '../incident/incident.ts';
import { unlessEnding } from './ending.ts';

/** Tries to reach an office, some minutes of them, before the record of one that closed counts as lost. */
const TRIES_MAX = 8;

export function permitActivities(offices: PermitOffices) {
  return {
    /** Says something to a permit office, and returns what that says. What both say is a matter of the workflows. */
    sayToOffice(cluster: string | null, saying: object): Promise<unknown> {
      // The answer may need the very worker that is told to end; the next one asks again.
      return unlessEnding(offices.say(cluster, saying, activityInfo().attempt >= TRIES_MAX));
    },

    /** Those of the incidents that are no longer open, so that what they hold is let go of. */
    closedIncidents(incidents: readonly IncidentRun[]): Promise<readonly IncidentRun[]> {
      return unlessEnding(offices.closedOf(incidents));
    },
  };
}
