import { wandbRegistry } from '../../clients/registries/wandb.ts';
import { text, webAddress } from '../setting-kinds.ts';
import type { Settings } from '../settings.ts';
import type { OpenedSystem } from './system-settings.ts';

export const WANDB_SETTINGS = {
  PARAMEDIC_WANDB_URL: webAddress.default('https://api.wandb.ai'),
  PARAMEDIC_WANDB_API_KEY: text.optional(),
  PARAMEDIC_WANDB_ORGANIZATION: text.optional(),
  PARAMEDIC_WANDB_REGISTRY: text.default('model'),
};

export const WANDB_SECRETS = ['PARAMEDIC_WANDB_API_KEY'] as const;

/** What is set and cannot be so together, a fault each. */
export function wandbFaults({ PARAMEDIC_WANDB_API_KEY: key, PARAMEDIC_WANDB_ORGANIZATION: organization }: Settings): readonly string[] {
  if (key !== undefined && organization === undefined) return ['PARAMEDIC_WANDB_API_KEY: needs PARAMEDIC_WANDB_ORGANIZATION as well'];
  if (key === undefined && organization !== undefined) return ['PARAMEDIC_WANDB_ORGANIZATION: needs PARAMEDIC_WANDB_API_KEY as well'];
  return [];
}

export function openWandb(settings: Settings): OpenedSystem {
  const { PARAMEDIC_WANDB_API_KEY: apiKey, PARAMEDIC_WANDB_ORGANIZATION: organization } = settings;
  if (apiKey === undefined || organization === undefined) return {};
  const { PARAMEDIC_WANDB_URL: url, PARAMEDIC_WANDB_REGISTRY: registry } = settings;
  return { registries: [wandbRegistry({ url, apiKey, organization, registry })] };
}
