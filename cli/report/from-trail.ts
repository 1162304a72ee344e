import { type Ground, measure } from '../../reporting/measures/measure.ts';
import type { Report } from '../../reporting/measures/report.ts';
import { told } from '../../reporting/stories.ts';
import { readPeriod } from '../audit/report/read-period.ts';
import { bytesOf } from '../audit/trail-files.ts';
import { openProgress } from '../progress.ts';

/** The report on what files of the audit trail hold of a period. */
export async function reportFromTrail(
  files: readonly string[],
  cluster: string | null,
  { bounds, nowMs, linkTo }: Pick<Ground, 'bounds' | 'nowMs' | 'linkTo'>,
): Promise<Report> {
  const { entries, verified, notUnderstood } = await readPeriod(files, bounds, openProgress('Reading the trail', bytesOf(files)).advance);
  const wanted = entries.filter(({ target }) => cluster === null || target?.cluster === cluster);
  const source = { kind: 'trail' as const, files, faults: verified.faults.length, notUnderstood };
  return measure(told(wanted, bounds), { bounds, nowMs, source, beside: null, judgements: null, linkTo });
}
