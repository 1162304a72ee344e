import { mlflowRegistry } from '../../clients/registries/mlflow.ts';
import type { MlflowAccess } from '../../clients/registries/mlflow-call.ts';
import { text, webAddress } from '../setting-kinds.ts';
import type { Settings } from '../settings.ts';
import type { OpenedSystem } from './system-settings.ts';

export const MLFLOW_SETTINGS = {
  PARAMEDIC_MLFLOW_URL: webAddress.optional(),
  PARAMEDIC_MLFLOW_USERNAME: text.optional(),
  PARAMEDIC_MLFLOW_PASSWORD: text.optional(),
  PARAMEDIC_MLFLOW_TOKEN: text.optional(),
};

export const MLFLOW_SECRETS = ['PARAMEDIC_MLFLOW_PASSWORD', 'PARAMEDIC_MLFLOW_TOKEN'] as const;

/** What is set and cannot be so together, a fault each. */
export function mlflowFaults(settings: Settings): readonly string[] {
  const { PARAMEDIC_MLFLOW_USERNAME: username, PARAMEDIC_MLFLOW_PASSWORD: password, PARAMEDIC_MLFLOW_TOKEN: token } = settings;
  const faults: string[] = [];
  if (username !== undefined && password === undefined) faults.push('PARAMEDIC_MLFLOW_USERNAME: needs PARAMEDIC_MLFLOW_PASSWORD as well');
  if (password !== undefined && username === undefined) faults.push('PARAMEDIC_MLFLOW_PASSWORD: needs PARAMEDIC_MLFLOW_USERNAME as well');
  if (token !== undefined && password !== undefined)
    faults.push('PARAMEDIC_MLFLOW_TOKEN: PARAMEDIC_MLFLOW_PASSWORD is set as well; keep one of the two');
  return faults;
}

export function openMlflow(settings: Settings): OpenedSystem {
  const url = settings.PARAMEDIC_MLFLOW_URL;
  return url === undefined ? {} : { registries: [mlflowRegistry({ url, credentials: credentialsOf(settings) })] };
}

function credentialsOf(settings: Settings): MlflowAccess['credentials'] {
  const { PARAMEDIC_MLFLOW_TOKEN: token, PARAMEDIC_MLFLOW_USERNAME: username, PARAMEDIC_MLFLOW_PASSWORD: password } = settings;
  if (token !== undefined) return { kind: 'bearer', token };
  return username !== undefined && password !== undefined ? { kind: 'basic', username, password } : null;
}
