import { Refused } from '../../clients/failures.ts';
import type { ModelRegistry } from '../../clients/registries/model-registry.ts';
import type { Settings } from '../../worker/settings.ts';
import { openSystems } from '../../worker/systems/open-systems.ts';
import { reasonOf } from '../processes/reachable-cluster.ts';
import { type Check, type Found, fail, ok, warn } from './check.ts';

/** No model is called so: whether the registry answers and lets us in is all that is asked. */
const NO_MODEL = 'paramedic-doctor';

/** Each model registry, by a read that changes nothing. */
export function registryChecks(settings: Settings): Check[] {
  const registries = [...openSystems(settings).registries.values()];
  if (registries.length === 0)
    return [
      {
        name: 'model registry',
        look: async () =>
          warn('None is configured: a model is rolled back only to what was seen serving.', 'See docs/systems for the settings of each.'),
      },
    ];
  return registries.map((registry) => ({ name: `model registry ${registry.name}`, look: () => lookAt(registry) }));
}

async function lookAt(registry: ModelRegistry): Promise<Found> {
  try {
    await registry.readModel(NO_MODEL);
    return ok('Reached, and it may be read.');
  } catch (error) {
    const fix = error instanceof Refused ? 'Check who Paramedic is there, and what it may do.' : 'Check that it runs, and its address.';
    return fail(`Cannot be read: ${reasonOf(error)}.`, fix);
  }
}
