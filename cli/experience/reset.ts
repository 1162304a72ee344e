import type { CauseKind } from '../../incident/cause.ts';
import type { FailureType } from '../../incident/failure-type.ts';
import type { Rung } from '../../incident/remedy.ts';
import { commander } from '../caller.ts';
import { printable } from '../printable.ts';
import { sayTo, withExperience } from './reach.ts';

/** What `experience reset` takes. */
export interface ResetOptions {
  readonly data: string;
  readonly type: FailureType;
  readonly cause?: CauseKind;
  readonly remedy?: Rung;
  readonly all?: true;
  readonly reason: string;
  readonly json?: true;
}

/** @throws one sentence when nothing is named, or nothing is known of it: a slip must not look like a reset */
export function resetExperienceOf({ data, type: failureType, cause, remedy, all, reason, json }: ResetOptions): Promise<void> {
  if (cause === undefined && remedy === undefined && all === undefined)
    throw new Error('Cannot tell what is to be forgotten: give --cause, --remedy or both, or --all.');
  return withExperience(data, async (client, cluster) => {
    const by = commander();
    const rows = await sayTo(client, { cluster, failureType }, { kind: 'reset', call: { cause, remedy, all, by, reason } });
    const what = [...(remedy ? [`of ${remedy}`] : []), ...(cause ? [`for ${cause}`] : [])].join(' ') || 'everything';
    const text = `Forgotten of ${failureType} in cluster ${cluster}, ${what}, said ${by.name}: ${reason}. ${rows.length} rows are left.`;
    process.stdout.write(
      json
        ? `${JSON.stringify({ cluster, failureType, cause: cause ?? null, remedy: remedy ?? null, left: rows.length })}\n`
        : `${printable(text)}\n`,
    );
  });
}
