import type { CauseKind } from '../../incident/cause.ts';
import { curedText } from '../../incident/experience/cured-text.ts';
import { agedRow, type Row } from '../../incident/experience/row.ts';
import type { Rung } from '../../incident/remedy.ts';
import { judgeBy } from '../../worker/judging.ts';
import type { JudgeCall } from '../../workflows/messages.ts';
import { commander } from '../caller.ts';
import { withExperience } from '../experience/reach.ts';
import { printable } from '../printable.ts';

/** What `incidents judge` takes. */
export interface JudgeOptions {
  readonly data: string;
  readonly right?: true;
  readonly wrong?: true;
  readonly cause?: CauseKind;
  readonly remedy?: Rung;
  readonly run?: string;
  readonly reason: string;
  readonly json?: true;
}

/** @throws one sentence when it says nothing, there is no such incident, or nothing was learned of it */
export function judgeIncidentOf(incident: string, { data, right, wrong, cause, remedy, run, reason, json }: JudgeOptions): Promise<void> {
  if (!right && !wrong && cause === undefined) throw new Error('Cannot tell what you say of it: give --right, --wrong, or --cause.');
  return withExperience(data, async (client) => {
    const by = commander();
    const says = right ? 'right' : wrong ? 'wrong' : undefined;
    const call: JudgeCall = { incident, run, says, cause, remedy, by, reason };
    const rows = await judgeBy(client, call);
    const said = { incident, says: says ?? null, cause: cause ?? null, remedy: remedy ?? null, by: by.name, reason };
    process.stdout.write(json ? `${JSON.stringify(said)}\n` : `${textOf(incident, rows)}\n`);
  });
}

function textOf(incident: string, rows: readonly Row[]): string {
  const lines = rows.map((row) => `  ${row.cause} on ${row.kind}: ${row.remedy} ${curedText(agedRow(row, Date.now()))}`);
  return [`It is taken for what ${incident} teaches. What is known now:`, ...lines].map(printable).join('\n');
}
