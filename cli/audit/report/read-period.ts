import { type Verified, verifyTrail } from '../../../clients/audit/verify.ts';
import { AuditLine, type CodeVersion } from '../../../incident/audit-line.ts';
import { canonical } from '../../../incident/canonical.ts';
import { isWithin, type Period } from '../../../reporting/period.ts';

/** An incident that is still told of in the period may have begun so long before it; it is watched for a week at most. */
const BEFORE_MS = 31 * 86_400_000;

/** What the trail holds of a period, and of what led to it. */
export interface PeriodRead {
  readonly verified: Verified;
  /** In the order in which they were written; each once, however often its line stands. */
  readonly entries: readonly AuditLine[];
  /** Lines as they were written that are of another release, so that they are not counted. */
  readonly notUnderstood: number;
  /** Which code wrote what is of the period. */
  readonly codes: readonly CodeVersion[];
}

/** @throws a sentence when a file cannot be read */
export async function readPeriod(files: readonly string[], period: Period, read: (bytes: number) => void): Promise<PeriodRead> {
  const { fromMs, toMs } = period;
  const entries = new Map<string, AuditLine>();
  let notUnderstood = 0;
  const verified = await verifyTrail(files, {
    read,
    line(chained) {
      const atMs = Date.parse(chained.at);
      if ((fromMs !== null && atMs < fromMs - BEFORE_MS) || (toMs !== null && atMs >= toMs)) return;
      const parsed = AuditLine.safeParse(chained);
      if (!parsed.success) {
        notUnderstood++;
        return;
      }
      // A writer that died before Temporal heard of a line left it behind, and another one wrote it once more.
      const { code, written, writer, seq, prev, follows, torn, hash, ...entry } = parsed.data;
      const key = canonical(entry);
      if (!entries.has(key)) entries.set(key, parsed.data);
    },
  });
  const all = [...entries.values()];
  return { verified, entries: all, notUnderstood, codes: all.flatMap(({ at, code }) => (isWithin(at, period) ? [code] : [])) };
}
