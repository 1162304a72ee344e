import type { RegisteredModel } from '../../incident/model.ts';
import { Refused } from '../failures.ts';
import type { ModelRegistry } from './model-registry.ts';

/** A cure that was seen to work, to be made true in the registry. */
export interface Confirmation {
  /** Name of the registry. */
  readonly registry: string;
  readonly model: string;
  /** The version seen serving. */
  readonly good: string;
  /** The version that failed; null when the registry does not know it. */
  readonly bad: string | null;
  readonly lastKnownGoodAlias: string;
  readonly servingAlias: string;
  /** The incident's workflow id, written beside the quarantine. */
  readonly incident: string;
}

/**
 * Quarantines the bad version and moves the aliases to the good one: the serving alias only if it is at the bad version, since another
 * version means that a person has moved it. Repeating it changes nothing more.
 * @returns what was changed, each as a sentence
 * @throws Refused
 */
export async function confirmRollback(registry: ModelRegistry, confirmation: Confirmation): Promise<readonly string[]> {
  const { model, good, bad, lastKnownGoodAlias, servingAlias, incident } = confirmation;
  const registered = await registry.readModel(model);
  if (!registered) throw new Refused(`Cannot confirm version ${good}: the registry ${registry.name} knows no model "${model}".`);
  const { aliases, versions } = registered;
  if (!versions.some(({ version }) => version === good))
    throw new Refused(`Cannot confirm version ${good} of ${model}: the registry ${registry.name} does not list it any more.`);
  const changed: string[] = [];
  const failed = versions.find(({ version }) => version === bad);
  if (failed && !failed.quarantined) {
    await registry.mark(model, { kind: 'quarantined', version: failed.version, by: incident });
    changed.push(`Version ${bad} of ${model} is quarantined.`);
  }
  const move = async (alias: string) => {
    if (isHeld(registered, good, alias)) {
      changed.push(`Alias ${alias} of ${model} is left as it is, since its promotions are frozen: ${registered.promotionFreeze}`);
      return;
    }
    await registry.mark(model, { kind: 'alias', alias, version: good });
    changed.push(`Alias ${alias} of ${model} is moved to version ${good}${aliases[alias] ? ` from ${aliases[alias]}` : ''}.`);
  };
  if (bad !== null && aliases[servingAlias] === bad) await move(servingAlias);
  if (aliases[lastKnownGoodAlias] === undefined) await move(lastKnownGoodAlias);
  return changed;
}

/** A freeze holds what goes forward; back is no promotion. */
function isHeld({ promotionFreeze, versions, aliases }: RegisteredModel, good: string, alias: string): boolean {
  const place = (wanted: string | undefined) => versions.findIndex(({ version }) => version === wanted);
  const isBack = place(aliases[alias]) >= 0 && place(good) > place(aliases[alias]);
  return promotionFreeze !== null && !isBack;
}
