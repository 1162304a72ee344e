/** How the memory that a container uses went over the last hours. */
export interface MemoryTrend {
  readonly pod: string;
  readonly container: string;
  /** The longest stretch without a restart, oldest first. */
  readonly samples: readonly MemorySample[];
  /** The same container in each of the target's pods, as it is now. */
  readonly now: readonly MemoryNow[];
}

export interface MemoryNow {
  readonly pod: string;
  readonly usedMi: number;
  /** Within the last hour. */
  readonly perHourMi: number;
}

export interface MemorySample {
  /** Seconds since the first sample. */
  readonly atSeconds: number;
  readonly usedMi: number;
}

/** A straight line through samples. */
export interface Growth {
  readonly hours: number;
  readonly perHourMi: number;
  readonly firstMi: number;
  readonly lastMi: number;
  /** How well the line fits, from 0 to 1 (the coefficient of determination). */
  readonly fit: number;
}

/** The line that fits the samples best; null where there are too few to draw one. */
export function growthOf(samples: readonly MemorySample[]): Growth | null {
  const [first] = samples;
  const last = samples.at(-1);
  if (!first || !last || last.atSeconds <= first.atSeconds) return null;
  const meanAt = mean(samples.map(({ atSeconds }) => atSeconds));
  const meanUsed = mean(samples.map(({ usedMi }) => usedMi));
  const spread = sum(samples.map(({ atSeconds }) => (atSeconds - meanAt) ** 2));
  const shared = sum(samples.map(({ atSeconds, usedMi }) => (atSeconds - meanAt) * (usedMi - meanUsed)));
  const varied = sum(samples.map(({ usedMi }) => (usedMi - meanUsed) ** 2));
  return {
    hours: (last.atSeconds - first.atSeconds) / 3_600,
    perHourMi: (shared / spread) * 3_600,
    firstMi: first.usedMi,
    lastMi: last.usedMi,
    fit: varied === 0 ? 0 : shared ** 2 / (spread * varied),
  };
}

function mean(numbers: readonly number[]): number {
  return sum(numbers) / numbers.length;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
