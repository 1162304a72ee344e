import { RegistryRefused } from '../../clients/registries/model-registry.ts';
import { openRegistry } from '../../worker/services.ts';
import type { Settings } from '../../worker/settings.ts';
import { reasonOf } from '../processes/reachable-cluster.ts';
import { type Check, type Found, fail, ok, warn } from './check.ts';

/** No model is called so: whether the registry answers and lets us in is all that is asked. */
const NO_MODEL = 'paramedic-doctor';

/** The model registry, by a read that changes nothing. */
export function registryChecks(settings: Settings): Check[] {
  return [{ name: 'model registry', look: () => lookAtRegistry(settings) }];
}

async function lookAtRegistry(settings: Settings): Promise<Found> {
  const registry = openRegistry(settings);
  if (!registry) return warn('None is configured: no model can be rolled back.', 'Set PARAMEDIC_MLFLOW_URL to your MLflow server.');
  const url = new URL(settings.PARAMEDIC_MLFLOW_URL!);
  const place = `${url.origin}${url.pathname}`.replace(/\/$/, '');
  try {
    await registry.readModel(NO_MODEL);
    return ok(`Reached at ${place}.`);
  } catch (error) {
    const fix =
      error instanceof RegistryRefused
        ? 'Check PARAMEDIC_MLFLOW_TOKEN, or PARAMEDIC_MLFLOW_USERNAME and PARAMEDIC_MLFLOW_PASSWORD.'
        : 'Check that it runs, and PARAMEDIC_MLFLOW_URL.';
    return fail(`Cannot read from ${place}: ${reasonOf(error)}.`, fix);
  }
}
