import type { Change } from '../../incident/change.ts';
import type { Verdict } from '../../incident/verdict.ts';
import type { ApplyOptions } from '../cluster.ts';
import { Refused, TargetChanged } from '../failures.ts';
import { knownRegistry } from './choose-registry.ts';
import type { Registries } from './model-registry.ts';

type Promotions = Extract<Change, { readonly kind: 'promotions' }>;

/**
 * Freezes or thaws the promotions of a model in the registry. What is written names who did it and when, so that it is its own key.
 * @throws TargetChanged when somebody has frozen or thawed them meanwhile
 * @throws Refused
 */
export async function markPromotions(
  registries: Registries,
  { registry: named, model, from, to }: Promotions,
  { dryRun, beforeWrite }: ApplyOptions,
): Promise<'applied' | 'alreadyApplied'> {
  const registry = knownRegistry(registries, named);
  if (registry.holdsNoFreeze !== undefined) throw new Refused(registry.holdsNoFreeze);
  const registered = await registry.readModel(model);
  if (registered === null) throw new Refused(`The registry ${registry.name} knows no model "${model}".`);
  if (registered.promotionFreeze === to) return 'alreadyApplied';
  if (registered.promotionFreeze !== from) throw new TargetChanged(`Promotions of ${model} were frozen or thawed meanwhile.`);
  await beforeWrite?.();
  if (!dryRun) await registry.mark(model, { kind: 'promotionFreeze', to });
  return 'applied';
}

/** Whether the registry says of the model what was written. */
export async function promotionsSeen(registries: Registries, { registry: named, model, to }: Promotions): Promise<Verdict> {
  const registered = await knownRegistry(registries, named).readModel(model);
  const now = registered?.promotionFreeze ?? null;
  return {
    kind: now === to ? 'recovered' : 'notRecovered',
    seen: `promotions of ${model} are ${now === null ? 'free' : `frozen (${now})`}`,
  };
}
