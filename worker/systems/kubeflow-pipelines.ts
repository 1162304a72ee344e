import type { KubeflowAccess } from '../../clients/pipelines/kubeflow-call.ts';
import { kubeflowPipelines } from '../../clients/pipelines/kubeflow-pipelines.ts';
import { text, webAddress } from '../setting-kinds.ts';
import type { Settings } from '../settings.ts';
import type { OpenedSystem } from './system-settings.ts';

export const KUBEFLOW_SETTINGS = {
  PARAMEDIC_KFP_URL: webAddress.optional(),
  PARAMEDIC_KFP_TOKEN_PATH: text.optional(),
  PARAMEDIC_KFP_USER: text.optional(),
};

/** What is set and cannot be so together, a fault each. */
export function kubeflowFaults(settings: Settings): readonly string[] {
  const { PARAMEDIC_KFP_URL: url, PARAMEDIC_KFP_TOKEN_PATH: path, PARAMEDIC_KFP_USER: user } = settings;
  const faults: string[] = [];
  if (path !== undefined && url === undefined) faults.push('PARAMEDIC_KFP_TOKEN_PATH: needs PARAMEDIC_KFP_URL as well');
  if (user !== undefined && url === undefined) faults.push('PARAMEDIC_KFP_USER: needs PARAMEDIC_KFP_URL as well');
  if (user !== undefined && path !== undefined)
    faults.push('PARAMEDIC_KFP_USER: PARAMEDIC_KFP_TOKEN_PATH is set as well; keep one of the two');
  return faults;
}

export function openKubeflow(settings: Settings): OpenedSystem {
  const url = settings.PARAMEDIC_KFP_URL;
  if (url === undefined) return {};
  const { runs, recurringRuns } = kubeflowPipelines({ url, credentials: credentialsOf(settings) });
  return {
    outside: [
      ['KubeflowRun', runs],
      ['KubeflowRecurringRun', recurringRuns],
    ],
  };
}

function credentialsOf({ PARAMEDIC_KFP_TOKEN_PATH: path, PARAMEDIC_KFP_USER: name }: Settings): KubeflowAccess['credentials'] {
  if (path !== undefined) return { kind: 'tokenFile', path };
  return name === undefined ? null : { kind: 'user', name };
}
