import { TIMESTAMP_TOLERANCE_SECONDS } from './signature.ts';

const REMEMBERED_MAX = 10_000;

/** Remembers signatures for as long as their timestamps would be taken. */
export interface SingleUse {
  /** True the first time. Where too many are remembered, nothing is taken. */
  take(signature: string, atSeconds: number, nowMs: number): boolean;
}

export function openSingleUse(): SingleUse {
  const untilMs = new Map<string, number>();
  return {
    take(signature, atSeconds, nowMs) {
      for (const [used, until] of untilMs) if (until < nowMs) untilMs.delete(used);
      if (untilMs.has(signature) || untilMs.size >= REMEMBERED_MAX) return false;
      untilMs.set(signature, (atSeconds + TIMESTAMP_TOLERANCE_SECONDS) * 1000);
      return true;
    },
  };
}
