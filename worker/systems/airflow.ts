import { airflowDags } from '../../clients/pipelines/airflow.ts';
import type { AirflowAccess } from '../../clients/pipelines/airflow-call.ts';
import { text, webAddress } from '../setting-kinds.ts';
import type { Settings } from '../settings.ts';
import type { OpenedSystem } from './system-settings.ts';

export const AIRFLOW_SETTINGS = {
  PARAMEDIC_AIRFLOW_URL: webAddress.optional(),
  PARAMEDIC_AIRFLOW_USERNAME: text.optional(),
  PARAMEDIC_AIRFLOW_PASSWORD: text.optional(),
  PARAMEDIC_AIRFLOW_TOKEN: text.optional(),
};

export const AIRFLOW_SECRETS = ['PARAMEDIC_AIRFLOW_PASSWORD', 'PARAMEDIC_AIRFLOW_TOKEN'] as const;

/** What is set and cannot be so together, a fault each. */
export function airflowFaults(settings: Settings): readonly string[] {
  const { PARAMEDIC_AIRFLOW_USERNAME: username, PARAMEDIC_AIRFLOW_PASSWORD: password, PARAMEDIC_AIRFLOW_TOKEN: token } = settings;
  const faults: string[] = [];
  if (username !== undefined && password === undefined) faults.push('PARAMEDIC_AIRFLOW_USERNAME: needs PARAMEDIC_AIRFLOW_PASSWORD as well');
  if (password !== undefined && username === undefined) faults.push('PARAMEDIC_AIRFLOW_PASSWORD: needs PARAMEDIC_AIRFLOW_USERNAME as well');
  if (token !== undefined && password !== undefined)
    faults.push('PARAMEDIC_AIRFLOW_TOKEN: PARAMEDIC_AIRFLOW_PASSWORD is set as well; keep one of the two');
  if (settings.PARAMEDIC_AIRFLOW_URL !== undefined && token === undefined && password === undefined)
    faults.push('PARAMEDIC_AIRFLOW_URL: needs PARAMEDIC_AIRFLOW_USERNAME and PARAMEDIC_AIRFLOW_PASSWORD, or PARAMEDIC_AIRFLOW_TOKEN');
  return faults;
}

export function openAirflow(settings: Settings): OpenedSystem {
  const url = settings.PARAMEDIC_AIRFLOW_URL;
  const credentials = credentialsOf(settings);
  return url === undefined || credentials === null ? {} : { outside: [['AirflowDag', airflowDags({ url, credentials })]] };
}

function credentialsOf(settings: Settings): AirflowAccess['credentials'] | null {
  const { PARAMEDIC_AIRFLOW_TOKEN: token, PARAMEDIC_AIRFLOW_USERNAME: username, PARAMEDIC_AIRFLOW_PASSWORD: password } = settings;
  if (token !== undefined) return { kind: 'bearer', token };
  return username !== undefined && password !== undefined ? { kind: 'user', username, password } : null;
}
