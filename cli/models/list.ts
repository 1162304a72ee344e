import type { ModelRef } from '../../clients/model-records.ts';
import type { ModelRecord } from '../../incident/model-record.ts';
import { modelRecordKeeper, recordsOf } from '../../worker/model-records.ts';
import { withIncidents } from '../incidents/connect.ts';
import { printable } from '../printable.ts';
import { tableText } from '../table.ts';
import { recordedModels } from './records.ts';
import { spanText, timeText } from './times.ts';

const ASKED_AT_ONCE = 10;

/** What `models list` takes. */
export interface ListOptions {
  readonly data: string;
  readonly allClusters?: true;
  readonly json?: true;
}

/** One model as it is listed. */
interface ModelRow extends ModelRef {
  /** Null when no worker is there to tell it. */
  readonly record: ModelRecord | null;
}

export function printModels({ data, allClusters, json }: ListOptions): Promise<void> {
  return withIncidents(data, async ({ client, settings }) => {
    const models = await recordedModels({ client }, allClusters ? null : settings.PARAMEDIC_CLUSTER);
    const keeper = modelRecordKeeper(client);
    const read = ({ cluster, registry, model }: ModelRef) => recordsOf(keeper, cluster).read(registry, model);
    const rows: ModelRow[] = [];
    for (let start = 0; start < models.length; start += ASKED_AT_ONCE) {
      const some = models.slice(start, start + ASKED_AT_ONCE);
      rows.push(...(await Promise.all(some.map(async (one) => ({ ...one, record: await read(one).catch(() => null) })))));
    }
    process.stdout.write(json ? `${JSON.stringify({ models: rows })}\n` : modelTable(rows));
  });
}

function modelTable(rows: readonly ModelRow[]): string {
  if (rows.length === 0) return 'No model was seen in serving yet.\n';
  const header = ['MODEL', 'REGISTRY', 'CLUSTER', 'LAST HEALTHY', 'FOR', 'UNTIL', 'PIN', 'QUARANTINED'];
  const untold = rows.some(({ record }) => record === null);
  return `${tableText(header, rows.map(cellsOf))}${untold ? '\nOf those with a question mark no worker answered, and only a worker can tell it. Is one running?\n' : ''}`;
}

function cellsOf({ model, registry, cluster, record }: ModelRow): string[] {
  const name = [printable(model), printable(registry ?? '-'), cluster];
  if (record === null) return [...name, '?', '?', '?', '?', '?'];
  const [last] = record.seen;
  const seen = last ? [last.version ?? last.address, spanText(last.untilMs - last.fromMs), timeText(last.untilMs)] : ['-', '-', '-'];
  const quarantined = record.quarantined.map(({ version, address }) => version ?? address).join(', ');
  return [...name, ...seen, record.pin?.version ?? '-', quarantined || '-'].map(printable);
}
