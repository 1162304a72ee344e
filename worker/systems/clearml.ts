import type { ClearmlAccess } from '../../clients/clearml-call.ts';
import { clearmlTaskClient } from '../../clients/pipelines/clearml-tasks.ts';
import { clearmlRegistry } from '../../clients/registries/clearml.ts';
import { text, webAddress } from '../setting-kinds.ts';
import type { Settings } from '../settings.ts';
import type { OpenedSystem } from './system-settings.ts';

export const CLEARML_SETTINGS = {
  PARAMEDIC_CLEARML_URL: webAddress.optional(),
  PARAMEDIC_CLEARML_ACCESS_KEY: text.optional(),
  PARAMEDIC_CLEARML_SECRET_KEY: text.optional(),
  PARAMEDIC_CLEARML_PROJECT: text.optional(),
};

export const CLEARML_SECRETS = ['PARAMEDIC_CLEARML_ACCESS_KEY', 'PARAMEDIC_CLEARML_SECRET_KEY'] as const;

const TOGETHER = ['PARAMEDIC_CLEARML_URL', ...CLEARML_SECRETS] as const;

/** What is set and cannot be so together, a fault each. */
export function clearmlFaults(settings: Settings): readonly string[] {
  const missing = TOGETHER.filter((name) => settings[name] === undefined);
  const set = [...TOGETHER, 'PARAMEDIC_CLEARML_PROJECT' as const].find((name) => settings[name] !== undefined);
  return set === undefined || missing.length === 0 ? [] : [`${set}: needs ${missing.join(' and ')} as well`];
}

export function openClearml(settings: Settings): OpenedSystem {
  const { PARAMEDIC_CLEARML_URL: url, PARAMEDIC_CLEARML_ACCESS_KEY: accessKey, PARAMEDIC_CLEARML_SECRET_KEY: secretKey } = settings;
  if (url === undefined || accessKey === undefined || secretKey === undefined) return {};
  const access: ClearmlAccess = { url, accessKey, secretKey };
  const project = settings.PARAMEDIC_CLEARML_PROJECT ?? null;
  return { registries: [clearmlRegistry({ ...access, project })], outside: [['ClearmlTask', clearmlTaskClient(access)]] };
}
