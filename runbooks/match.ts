import type { Alert } from '../incident/alert.ts';
import type { Runbook } from './schema.ts';

/** The runbook an alert belongs to: the one asking for the most labels wins. Null when none matches. */
export function matchRunbook(alert: Alert, runbooks: readonly Runbook[]): Runbook | null {
  const matching = runbooks.filter(
    ({ match }) =>
      match.alerts.includes(alert.name) && Object.entries(match.labels).every(([label, value]) => alert.labels[label] === value),
  );
  const specific = (runbook: Runbook) => Object.keys(runbook.match.labels).length;
  return matching.sort((a, b) => specific(b) - specific(a))[0] ?? null;
}
