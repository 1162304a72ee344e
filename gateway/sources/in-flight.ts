/** Counts what is being worked on, so that more than can be is refused at once. */
export interface InFlight {
  fits(amount: number): boolean;
  /** False where it would be too much; then nothing is counted. */
  take(amount: number): boolean;
  give(amount: number): void;
}

export function openInFlight(max: number): InFlight {
  let now = 0;
  return {
    fits: (amount) => now + amount <= max,
    take(amount) {
      if (now + amount > max) return false;
      now += amount;
      return true;
    },
    give(amount) {
      now -= amount;
    },
  };
}
