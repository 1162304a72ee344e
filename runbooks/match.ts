import type { Alert } from '../incident/alert.ts';
import type { TargetKind } from '../incident/target.ts';
import type { Runbook } from './schema.ts';

/**
 * The runbook an alert belongs to: the one asking for the most labels wins, then the first by name. Null when none matches.
 * The kind of the target is left out as long as it is not known.
 */
export function matchRunbook(alert: Alert, runbooks: readonly Runbook[], kind: TargetKind | null = null): Runbook | null {
  const matching = runbooks.filter(
    ({ match }) =>
      match.alerts.includes(alert.name) &&
      (kind === null || match.kinds.includes(kind)) &&
      Object.entries(match.labels).every(([label, value]) => alert.labels[label] === value),
  );
  const specific = (runbook: Runbook) => Object.keys(runbook.match.labels).length;
  return matching.sort((a, b) => specific(b) - specific(a) || a.name.localeCompare(b.name))[0] ?? null;
}
