import type { RegistryEvidence } from '../../incident/evidence.ts';
import { Refused } from '../failures.ts';
import type { ModelRegistry, Registries } from './model-registry.ts';

/** How a registry is configured, for those who have none. */
const NO_REGISTRY = 'No model registry is configured; see docs/systems for the settings of each.';

/**
 * The registry that a model is in: the one that is named, or else the only one there is.
 * @returns why there is none, as a sentence
 */
function chooseRegistry(registries: Registries, named: string | null): ModelRegistry | string {
  const names = [...registries.keys()].sort();
  if (named !== null) return registries.get(named) ?? `No registry "${named}" is configured; there is ${names.join(', ') || 'none'}.`;
  const [only, ...others] = registries.values();
  if (only === undefined) return NO_REGISTRY;
  return others.length === 0
    ? only
    : `Several registries are configured (${names.join(', ')}), and it is not said which one the model is in.`;
}

/** The registry that the record of a model is kept under, whether or not it can be asked just now; null where the model is in none. */
export function recordPlace(registries: Registries, named: string | null): string | null {
  const chosen = chooseRegistry(registries, named);
  return typeof chosen === 'string' ? named : chosen.name;
}

/** @throws Refused where there is none */
export function knownRegistry(registries: Registries, named: string | null): ModelRegistry {
  const chosen = chooseRegistry(registries, named);
  if (typeof chosen === 'string') throw new Refused(chosen);
  return chosen;
}

/** What a registry tells of a model. It never fails: what cannot be read is told as such. */
export async function askRegistry(registries: Registries, named: string | null, model: string): Promise<RegistryEvidence> {
  const registry = chooseRegistry(registries, named);
  if (typeof registry === 'string') return { kind: 'absent', reason: registry };
  try {
    const registered = await registry.readModel(model);
    return registered
      ? { kind: 'read', model: registered }
      : { kind: 'absent', reason: `The registry ${registry.name} knows no model "${model}".` };
  } catch (error) {
    return { kind: 'unreadable', reason: error instanceof Error ? error.message : String(error) };
  }
}
