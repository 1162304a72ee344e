import { ApplicationFailure } from '@temporalio/common';
import type { Confirmation, ModelRegistry } from '../clients/registries/model-registry.ts';
import { asActivityFailure } from './failures.ts';

export function confirmingActivities(registry: ModelRegistry | null) {
  return {
    /** Makes a verified rollback true in the registry. Returns what was changed, each as a sentence. */
    confirmModelVersion(confirmation: Confirmation): Promise<readonly string[]> {
      return asActivityFailure(() => {
        if (registry === null) throw ApplicationFailure.nonRetryable('No model registry is configured.', 'RegistryRefused');
        return registry.confirm(confirmation);
      });
    },
  };
}
