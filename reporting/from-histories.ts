import type { HistoriesRead, Wanted } from './history/read.ts';
import { entriesOfRuns, type Ground, measure } from './measures/measure.ts';
import type { Report } from './measures/report.ts';
import { told } from './stories.ts';

/** The report on what Temporal has kept of a period. */
export function reportFromHistories(
  { runs, beside, judgements, gone, keptMs }: HistoriesRead,
  { fromMs, toMs, cluster }: Wanted,
  { nowMs, linkTo }: Pick<Ground, 'nowMs' | 'linkTo'>,
): Report {
  const inOrder = runs.toSorted((one, other) => one.startedMs - other.startedMs);
  const keptFromMs = keptMs === null ? fromMs : nowMs - keptMs;
  const cutAt = keptFromMs > fromMs ? new Date(Math.min(keptFromMs, toMs)).toISOString() : null;
  const source = { kind: 'temporal' as const, cluster, keptMs, cutAt, gone };
  const bounds = { fromMs, toMs };
  return measure(told(entriesOfRuns(inOrder, toMs), bounds, inOrder), { bounds, nowMs, source, beside, judgements, linkTo });
}
