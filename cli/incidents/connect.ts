import type { Client } from '@temporalio/client';
import { incidentLinks } from '../../worker/incident-links.ts';
import { openClient } from '../../worker/services.ts';
import { readSettings, type Settings } from '../../worker/settings.ts';
import { connectToTemporal } from '../../worker/temporal.ts';
import { requireNamespace } from '../../worker/temporal-health.ts';
import { readEmbeddedTemporal } from '../state-folder.ts';

/** The Temporal that incidents are read from, and where its pages are. */
export interface IncidentRecord {
  readonly client: Client;
  readonly settings: Settings;
  /** The page of an incident in the Web UI; null where it is not known where that is. */
  readonly linkTo: (workflowId: string, runId: string) => string | null;
}

/**
 * Settings that point at the Temporal in question: of the environment, else the one that `paramedic up` runs with this state
 * folder, else the usual address.
 */
function settingsOfTemporal(environment: NodeJS.ProcessEnv, stateFolder: string): Settings {
  const settings = readSettings(environment);
  const embedded = environment.TEMPORAL_ADDRESS ? null : readEmbeddedTemporal(stateFolder);
  return embedded
    ? { ...settings, TEMPORAL_ADDRESS: embedded.address, TEMPORAL_UI_URL: settings.TEMPORAL_UI_URL ?? embedded.uiUrl }
    : settings;
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
