import { middleOf } from '../../incident/experience/cured-text.ts';
import { cureOdds } from '../../incident/experience/odds.ts';
import type { Experience } from '../../incident/experience/record.ts';
import { agedRow, type Row } from '../../incident/experience/row.ts';
import { FAILURE_TYPES, type FailureType } from '../../incident/failure-type.ts';
import { experienceKeeper } from '../../worker/experiences.ts';
import { taskQueueOf } from '../../worker/settings.ts';
import { printable } from '../printable.ts';
import { tableText } from '../table.ts';
import { withExperience } from './reach.ts';

/** What `experience show` takes. */
export interface ShowOptions {
  readonly data: string;
  readonly type?: FailureType;
  readonly json?: true;
}

/** What is known of one failure type. */
export interface OfType {
  readonly failureType: FailureType;
  readonly experience: Experience;
}

export async function showExperience({ type, data, json }: ShowOptions): Promise<void> {
  const { cluster, all } = await readAll(data, type);
  const nowMs = Date.now();
  const rows = all.flatMap(({ failureType, experience }) => experience.rows.map((row) => ({ failureType, ...agedRow(row, nowMs) })));
  process.stdout.write(json ? `${JSON.stringify({ cluster, rows })}\n` : experienceTable(cluster, rows));
}

/** All that is known in PARAMEDIC_CLUSTER. @param type null: of every failure type */
export function readAll(
  data: string,
  type: FailureType | undefined,
): Promise<{ readonly cluster: string; readonly all: readonly OfType[] }> {
  return withExperience(data, async (client, cluster) => {
    const keeper = experienceKeeper(client, taskQueueOf(cluster));
    const read = async (failureType: FailureType): Promise<OfType[]> => {
      const experience = await keeper.kept({ cluster, failureType });
      return experience === null ? [] : [{ failureType, experience }];
    };
    const all = await Promise.all((type === undefined ? FAILURE_TYPES : [type]).map(read));
    return { cluster, all: all.flat() };
  });
}

type Shown = Row & Pick<OfType, 'failureType'>;

function experienceTable(cluster: string, rows: readonly Shown[]): string {
  if (rows.length === 0) return `Nothing was learned in cluster ${printable(cluster)} yet.\n`;
  const header = ['TYPE', 'CAUSE', 'REMEDY', 'ON', 'TRIED', 'CURED', 'RELAPSED', 'WORSE', 'UNKNOWN', 'IN', 'CURES', 'PEOPLE'];
  const sorted = rows.toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
  return tableText(header, sorted.map(cellsOf));
}

function keyOf({ failureType, cause, remedy, kind }: Shown): string {
  return [failureType, cause, kind, remedy].join('/');
}

function cellsOf({ failureType, cause, remedy, kind, counts, recoveryTimes }: Shown): string[] {
  const { tries, recoveries, relapses, worse, unknown } = counts;
  const middle = middleOf(recoveryTimes.map(({ seconds }) => seconds));
  const { low, high } = cureOdds(counts);
  return [
    ...[failureType, cause, remedy, kind, ...[tries, recoveries, relapses, worse, unknown].map(countText)],
    middle === null ? '-' : `${Math.round(middle)} s`,
    `${Math.round(low * 100)}-${Math.round(high * 100)} %`,
    peopleText(counts),
  ];
}

function countText(count: number): string {
  return count === 0 ? '-' : count.toFixed(1);
}

function peopleText({ approved, rejected, right, wrong }: Row['counts']): string {
  const said = Object.entries({ approved, rejected, right, wrong }).flatMap(([word, count]) =>
    count >= 0.05 ? [`${count.toFixed(1)} ${word}`] : [],
  );
  return said.join(', ') || '-';
}
