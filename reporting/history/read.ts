import type { Beside, Judgement, RunRead } from './run.ts';

/** What Temporal has kept of the incidents of a period. */
export interface HistoriesRead {
  readonly runs: readonly RunRead[];
  /** What ran beside them. */
  readonly beside: readonly Beside[];
  /** What people said of incidents, in the period. */
  readonly judgements: readonly Judgement[];
  /** Runs that are listed still, and whose history is gone. */
  readonly gone: number;
  /** For how long Temporal keeps what has ended; null where it does not say. */
  readonly keptMs: number | null;
}

/** Which incidents are read. */
export interface Wanted {
  readonly fromMs: number;
  readonly toMs: number;
  /** Null: those of all clusters. */
  readonly cluster: string | null;
}

/** Where incidents are read from. */
export interface Histories {
  /** @param advance called with how many more runs were read, of how many in all */
  read(wanted: Wanted, advance: (by: number, total: number) => void): Promise<HistoriesRead>;
}
