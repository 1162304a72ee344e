/** Alerts that came together and are too many to be brought to their incidents one by one before their sender is answered. */
export interface Portion {
  /** How many. */
  readonly alerts: number;
  /** The same for the same alerts. */
  readonly digest: string;
  /** The alerts with all that decides what becomes of them; only whoever packed it knows how it is read. */
  readonly packed: string;
}

/** What became of some alerts of a portion, one after the other. */
export interface Brought {
  readonly joined: number;
  readonly resolved: number;
  /** How many were left alone, by why. */
  readonly ignored: Readonly<Record<string, number>>;
  /** Those that could not be brought; null: all could. */
  readonly left: LeftOver | null;
  /** The first alert that was not come to; null: all were. */
  readonly next: number | null;
}

/** Alerts that could not be brought to their incidents, while others could. */
export interface LeftOver {
  readonly portion: Portion;
  /** Why the first of them could not, as a sentence. */
  readonly why: string;
}
