import type { Change } from '../../incident/change.ts';
import type { Verdict } from '../../incident/verdict.ts';
import { type ApplyOptions, TargetChanged } from '../cluster.ts';
import { type ModelRegistry, RegistryRefused } from './model-registry.ts';

type Promotions = Extract<Change, { readonly kind: 'promotions' }>;

/**
 * Freezes or thaws the promotions of a model in the registry. What is written names who did it and when, so that it is its own key.
 * @throws TargetChanged when somebody has frozen or thawed them meanwhile
 * @throws RegistryRefused
 */
export async function markPromotions(
  registry: ModelRegistry | null,
  { model, from, to }: Promotions,
  { dryRun, beforeWrite }: ApplyOptions,
): Promise<'applied' | 'alreadyApplied'> {
  const registered = await known(registry).readModel(model);
  if (registered === null) throw new RegistryRefused(`The registry knows no model "${model}".`);
  if (registered.promotionFreeze === to) return 'alreadyApplied';
  if (registered.promotionFreeze !== from) throw changed(model);
  await beforeWrite?.();
  if (dryRun) return 'applied';
  const done = await known(registry).markPromotions({ model, from, to });
  if (done === 'changed') throw changed(model);
  return done;
}

/** Whether the registry says of the model what was written. */
export async function promotionsSeen(registry: ModelRegistry | null, { model, to }: Promotions): Promise<Verdict> {
  const registered = await known(registry).readModel(model);
  const now = registered?.promotionFreeze ?? null;
  return {
    kind: now === to ? 'recovered' : 'notRecovered',
    seen: `promotions of ${model} are ${now === null ? 'free' : `frozen (${now})`}`,
  };
}

function known(registry: ModelRegistry | null): ModelRegistry {
  if (registry === null) throw new RegistryRefused('No model registry is configured; set PARAMEDIC_MLFLOW_URL.');
  return registry;
}

function changed(model: string): TargetChanged {
  return new TargetChanged(`Promotions of ${model} were frozen or thawed meanwhile.`);
}
