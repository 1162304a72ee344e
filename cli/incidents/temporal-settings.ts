import { readSettings, type Settings } from '../../worker/settings.ts';
import { readEmbeddedTemporal } from '../state-folder.ts';

/**
 * Settings that point at the Temporal in question: of the environment, else the one that `paramedic up` runs with this state
 * folder, else the usual address.
 */
export function settingsOfTemporal(environment: NodeJS.ProcessEnv, stateFolder: string): Settings {
  const settings = readSettings(environment);
  const embedded = environment.TEMPORAL_ADDRESS ? null : readEmbeddedTemporal(stateFolder);
  return embedded
    ? { ...settings, TEMPORAL_ADDRESS: embedded.address, TEMPORAL_UI_URL: settings.TEMPORAL_UI_URL ?? embedded.uiUrl }
    : settings;
}
