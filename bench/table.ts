/** One line of what was measured. */
export interface Measured {
  /** How many ask at once. */
  readonly asking: number;
  /** Acts that the record comes to hold. */
  readonly acts: number;
  readonly answersPerSecond: number;
  /** From asking to the answer, milliseconds. */
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const COLUMNS = {
  asking: 'asking at once',
  acts: 'acts in the record',
  answersPerSecond: 'answers/s',
  p50Ms: 'p50 ms',
  p99Ms: 'p99 ms',
} as const;

/** As Markdown, so that it can go into the documentation as it is. */
export function asTable(rows: readonly Measured[]): string {
  const keys = Object.keys(COLUMNS) as (keyof Measured)[];
  const lines = rows.map((row) => keys.map((key) => row[key].toLocaleString('en')));
  return [Object.values(COLUMNS), keys.map(() => '---:'), ...lines].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}
