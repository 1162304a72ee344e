import { secretList } from '../setting-lists.ts';
import type { Settings } from '../settings.ts';

/** What registries show when they send events to the gateway. Unset: there is no such route. */
export const WEBHOOK_SETTINGS = {
  PARAMEDIC_MLFLOW_WEBHOOK_SECRET: secretList.optional(),
  PARAMEDIC_WANDB_WEBHOOK_SECRET: secretList.optional(),
  PARAMEDIC_WANDB_WEBHOOK_TOKEN: secretList.optional(),
};

export const WEBHOOK_SECRETS = [
  'PARAMEDIC_MLFLOW_WEBHOOK_SECRET',
  'PARAMEDIC_WANDB_WEBHOOK_SECRET',
  'PARAMEDIC_WANDB_WEBHOOK_TOKEN',
] as const;

/** What is set and cannot be so alone, a fault each. */
export function webhookFaults({
  PARAMEDIC_WANDB_WEBHOOK_SECRET: signs,
  PARAMEDIC_WANDB_WEBHOOK_TOKEN: token,
}: Settings): readonly string[] {
  if (signs !== undefined && token === undefined) return ['PARAMEDIC_WANDB_WEBHOOK_SECRET: needs PARAMEDIC_WANDB_WEBHOOK_TOKEN as well'];
  if (token !== undefined && signs === undefined) return ['PARAMEDIC_WANDB_WEBHOOK_TOKEN: needs PARAMEDIC_WANDB_WEBHOOK_SECRET as well'];
  return [];
}
