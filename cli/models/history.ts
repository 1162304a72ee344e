import type { ModelRef } from '../../clients/model-records.ts';
import type { ModelRecord } from '../../incident/model-record.ts';
import { recordOf } from '../../incident/models/kept-record.ts';
import { modelRecordKeeper } from '../../worker/model-records.ts';
import { printable } from '../printable.ts';
import { tableText } from '../table.ts';
import { type ModelOptions, modelText, withModel } from './records.ts';
import { spanText, timeText } from './times.ts';

export function printHistory(model: string, options: ModelOptions): Promise<void> {
  return withModel(model, options, async ({ client, of }) => {
    const kept = await modelRecordKeeper(client).kept(of);
    if (kept === null) throw new Error(`There is no record of ${modelText(of)}. See "paramedic models list".`);
    const record = recordOf(kept);
    process.stdout.write(options.json ? `${JSON.stringify({ ...of, record })}\n` : historyText(of, record));
  });
}

function historyText(of: ModelRef, { seen, pin, quarantined, promotedMs }: ModelRecord): string {
  const facts = [
    pin === null ? 'No version is pinned.' : `Version ${pin.version} is pinned by ${pin.by} since ${timeText(pin.atMs)}: ${pin.reason}`,
    ...(promotedMs === null ? [] : [`A person last promoted a version at ${timeText(promotedMs)}.`]),
  ];
  const spans = seen.map((one) => [
    ...[one.version ?? '-', timeText(one.fromMs), timeText(one.untilMs), spanText(one.untilMs - one.fromMs), one.server, one.address],
  ]);
  const bad = quarantined.map(({ version, address, atMs, by, reason }) => [version ?? '-', timeText(atMs), by, reason, address || '-']);
  return [
    `${modelText(of)}. All times are UTC.`,
    '',
    ...facts.map((fact) => `  ${printable(fact)}`),
    ...section('Seen healthy in serving', ['VERSION', 'FROM', 'UNTIL', 'FOR', 'SERVER', 'ADDRESS'], spans),
    ...section('Quarantined', ['VERSION', 'AT', 'BY', 'REASON', 'ADDRESS'], bad),
    '',
  ].join('\n');
}

function section(title: string, header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return ['', title, '  nothing'];
  const table = tableText(
    header,
    rows.map((row) => row.map(printable)),
  );
  return [
    '',
    title,
    ...table
      .trimEnd()
      .split('\n')
      .map((line) => `  ${line}`),
  ];
}
