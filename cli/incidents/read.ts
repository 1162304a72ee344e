import type { FailureType } from '../../incident/failure-type.ts';
import { withIncidents } from './connect.ts';
import { findIncidents, incidentTable } from './list.ts';
import { incidentText, showIncident } from './show.ts';

/** What every command that reads incidents takes. */
export interface ReadOptions {
  readonly data: string;
  readonly json?: true;
}

/** What `incidents list` takes. */
export interface ListRequest extends ReadOptions {
  readonly type?: FailureType;
  readonly namespace?: string;
  readonly open?: true;
  readonly closed?: true;
  readonly limit: number;
}

export function printIncidents({ type, namespace, open, closed, limit, data, json }: ListRequest): Promise<void> {
  const state = open ? 'open' : closed ? 'closed' : 'any';
  return withIncidents(data, async (record) => {
    const found = await findIncidents(record, { ...(type ? { type } : {}), ...(namespace ? { namespace } : {}), state, limit });
    process.stdout.write(json ? `${JSON.stringify(found)}\n` : incidentTable(found));
  });
}

export function printIncident(id: string, { data, json }: ReadOptions): Promise<void> {
  return withIncidents(data, async (record) => {
    const shown = await showIncident(record, id);
    process.stdout.write(json ? `${JSON.stringify(shown)}\n` : incidentText(shown));
  });
}
