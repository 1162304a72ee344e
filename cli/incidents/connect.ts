import type { Client } from '@temporalio/client';
import { incidentLinks } from '../../worker/incident-links.ts';
import { openClient } from '../../worker/open-client.ts';
import type { Settings } from '../../worker/settings.ts';
import { connectToTemporal } from '../../worker/temporal.ts';
import { requireNamespace } from '../../worker/temporal-health.ts';
import { settingsOfTemporal } from './temporal-settings.ts';

/** The Temporal that incidents are read from, and where its pages are. */
export interface IncidentRecord {
  readonly client: Client;
  readonly settings: Settings;
  /** The page of an incident in the Web UI; null where it is not known where that is. */
  readonly linkTo: (workflowId: string, runId: string) => string | null;
}

/** Opens the record of incidents for the time of a call. @throws one sentence when Temporal is away or not the right one. */
export async function withIncidents<T>(stateFolder: string, use: (record: IncidentRecord) => Promise<T>): Promise<T> {
  const settings = settingsOfTemporal(process.env, stateFolder);
  const connection = await connectToTemporal(settings, { patienceMs: 0 });
  try {
    await requireNamespace(connection, settings);
    return await use({ client: openClient(settings, connection), settings, linkTo: incidentLinks(settings) });
  } finally {
    await connection.close();
  }
}
