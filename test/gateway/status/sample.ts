import type { StatusSources } from '../../../gateway/status/sources.ts';
import { boardOf } from '../../../guards/board.ts';
import { EMPTY_LEDGER } from '../../../guards/ledger/ledger.ts';
import type { IncidentRow } from '../../../incident/incident-row.ts';

/** An incident as it is listed, with what a test says of it. */
export function row(said: Partial<IncidentRow> & Pick<IncidentRow, 'target'>): IncidentRow {
  const id = `outage/prod/${said.target}`;
  return {
    ...{ id, runId: 'run-1', state: 'open', failureType: 'podCrash', cluster: 'prod', namespace: 'ml', mode: 'auto', phase: 'verifying' },
    ...{ cause: 'flake', remedy: null, outcome: null, startedAt: '2026-03-04T10:00:00.000Z', closedAt: null },
    link: `http://127.0.0.1:8233/namespaces/default/workflows/${encodeURIComponent(id)}/run-1`,
    ...said,
  };
}

/** Sources that tell what a test says, and otherwise that nothing is. */
export function sources(said: Partial<StatusSources> = {}): StatusSources {
  return {
    open: async () => ({ rows: [], total: 0 }),
    closedSince: async () => ({ rows: [], total: 0 }),
    asked: async () => null,
    board: async () => boardOf(EMPTY_LEDGER, 0),
    ...said,
  };
}

/** Incidents as given, all there are. */
export function all(...rows: readonly IncidentRow[]) {
  return async () => ({ rows, total: rows.length });
}
