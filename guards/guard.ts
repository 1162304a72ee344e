import type { Ledger } from './ledger/ledger.ts';
import type { Limits } from './limits.ts';
import type { GuardName, Refusal } from './permit.ts';
import type { PermitRequest } from './request.ts';

/** What a guard judges by. */
export interface Asked {
  readonly request: PermitRequest;
  readonly ledger: Ledger;
  /** Epoch milliseconds, never earlier than anything in the ledger. */
  readonly nowMs: number;
}

/** One reason not to act: null when it has nothing against the plan. Pure. */
export type Guard = (asked: Asked) => Refusal | null;

export function refuse(guard: GuardName, reason: string, retryAtMs: number | null): Refusal {
  return { kind: 'refused', guard, reason, retryAtMs };
}

/** One limit and the layer it comes from. */
export interface Limit<T> {
  readonly from: string;
  readonly limit: T;
}

/** What each layer says of one limit; layers that say nothing are left out. */
export function limitsOf<T>({ limits }: Pick<PermitRequest, 'limits'>, pick: (limits: Limits) => T | undefined): readonly Limit<T>[] {
  return limits.flatMap(({ from, limits: layer }) => {
    const limit = pick(layer);
    return limit === undefined ? [] : [{ from, limit }];
  });
}

/** The first refusal by any layer. */
export function firstRefusal<T>(limits: readonly Limit<T>[], judge: (limit: T, from: string) => Refusal | null): Refusal | null {
  for (const { from, limit } of limits) {
    const refusal = judge(limit, from);
    if (refusal) return refusal;
  }
  return null;
}
