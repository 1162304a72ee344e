import type { Client } from '@temporalio/client';
import { tsToMs } from '@temporalio/common/lib/time.js';

/** The history of a run, as Temporal gives it. */
type History = Awaited<ReturnType<ReturnType<Client['workflow']['getHandle']>['fetchHistory']>>;

/** One event of it. */
export type HistoryEvent = NonNullable<History['events']>[number];

export function timeOf({ eventTime }: HistoryEvent): number {
  return tsToMs(eventTime);
}
