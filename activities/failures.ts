import { ApplicationFailure } from '@temporalio/common';
import { Refused, TargetChanged, TargetGone } from '../clients/cluster.ts';
import { PermitVoid } from '../clients/permit-offices.ts';
import { RegistryRefused } from '../clients/registries/model-registry.ts';

/** Failures that retrying cannot mend. Workflows tell them apart by these names. */
const FINAL = { TargetChanged, TargetGone, Refused, RegistryRefused, PermitVoid };

export type FinalFailure = keyof typeof FINAL;

/** Runs a call and turns what retrying cannot mend into typed, non-retryable failures. */
export async function asActivityFailure<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    for (const [type, kind] of Object.entries(FINAL))
      if (error instanceof kind) throw ApplicationFailure.create({ message: error.message, type, nonRetryable: true, cause: error });
    throw error;
  }
}
