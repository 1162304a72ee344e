const REMEMBERED_MAX = 10_000;

/** Remembers what was taken for as long as it would be taken again. */
export interface SingleUse {
  /** True the first time. Where too many are remembered, nothing is taken. @param untilMs from then on it is not taken for other reasons */
  take(what: string, untilMs: number, nowMs: number): boolean;
  /** Whether it is because too many are remembered that nothing is taken. */
  isFull(nowMs: number): boolean;
  /** It came to nothing, and may be sent again. */
  giveBack(what: string): void;
}

export function openSingleUse(): SingleUse {
  const takenUntilMs = new Map<string, number>();
  const forget = (nowMs: number) => {
    for (const [taken, until] of takenUntilMs) if (until < nowMs) takenUntilMs.delete(taken);
  };
  return {
    take(what, untilMs, nowMs) {
      forget(nowMs);
      if (takenUntilMs.has(what) || takenUntilMs.size >= REMEMBERED_MAX) return false;
      takenUntilMs.set(what, untilMs);
      return true;
    },
    isFull(nowMs) {
      forget(nowMs);
      return takenUntilMs.size >= REMEMBERED_MAX;
    },
    giveBack(what) {
      takenUntilMs.delete(what);
    },
  };
}
