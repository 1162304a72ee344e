import type { PermitOffices } from '../clients/permit-offices.ts';
import type { IncidentRun } from '../incident/incident.ts';

export function permitActivities(offices: PermitOffices) {
  return {
    /** Makes sure that a permit office is open. */
    openPermitOffice(cluster: string | null): Promise<void> {
      return offices.open(cluster);
    },

    /** Those of the incidents that are no longer open, so that what they hold is let go of. */
    closedIncidents(incidents: readonly IncidentRun[]): Promise<readonly IncidentRun[]> {
      return offices.closedOf(incidents);
    },
  };
}
