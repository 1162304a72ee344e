import { ApplicationFailure, TemporalFailure } from '@temporalio/common';
import { Refused, TargetChanged, TargetGone, TryLater } from '../clients/failures.ts';
import { PermitVoid } from '../clients/permit-offices.ts';
import { DidNotHappen } from '../drills/inject.ts';
import { DrillForbidden } from '../drills/leave.ts';
import { redact } from '../incident/redact.ts';

const MESSAGE_CHARACTERS_MAX = 1_000;

/** Failures that retrying cannot mend. Workflows tell them apart by these names. */
const FINAL = { TargetChanged, TargetGone, Refused, PermitVoid, DrillForbidden, DidNotHappen };

export type FinalFailure = keyof typeof FINAL;

/**
 * Runs a call and turns what retrying cannot mend into typed, non-retryable failures. A failure stands in the history, so it is
 * one redacted sentence: what caused it may hold all that a server answered.
 */
export async function asActivityFailure<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof TemporalFailure) throw error;
    const type = Object.entries(FINAL).find(([, kind]) => error instanceof kind)?.[0];
    const nextRetryDelay = error instanceof TryLater && error.afterMs !== null ? error.afterMs : undefined;
    throw ApplicationFailure.create({
      message: messageOf(error),
      type: type ?? 'Failed',
      nonRetryable: type !== undefined,
      ...(nextRetryDelay === undefined ? {} : { nextRetryDelay }),
    });
  }
}

/** What went wrong, as it may stand in a history or a log. */
export function messageOf(error: unknown): string {
  return redact(error instanceof Error ? error.message : String(error), MESSAGE_CHARACTERS_MAX);
}
