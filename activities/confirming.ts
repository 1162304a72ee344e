import { knownRegistry } from '../clients/registries/choose-registry.ts';
import { type Confirmation, confirmRollback } from '../clients/registries/confirm-rollback.ts';
import type { Registries } from '../clients/registries/model-registry.ts';
import { asActivityFailure } from './failures.ts';

export function confirmingActivities(registries: Registries) {
  return {
    /** Makes a verified rollback true in the registry. Returns what was changed, each as a sentence. */
    confirmModelVersion(confirmation: Confirmation): Promise<readonly string[]> {
      return asActivityFailure(() => confirmRollback(knownRegistry(registries, confirmation.registry), confirmation));
    },
  };
}
