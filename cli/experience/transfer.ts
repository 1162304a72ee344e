import { readFileSync } from 'node:fs';
import type { Experience } from '../../incident/experience/record.ts';
import { readExperience } from '../../incident/experience/soundness.ts';
import { FAILURE_TYPES, type FailureType } from '../../incident/failure-type.ts';
import { commander } from '../caller.ts';
import { printable } from '../printable.ts';
import { sayTo, withExperience } from './reach.ts';
import { readAll } from './show.ts';

/** What the document is; another number is of a form that is not known here. */
const FORMAT = 'paramedic-experience/1';
const STDIN = 0;

/** What `experience export` takes. */
export interface ExportOptions {
  readonly data: string;
  readonly type?: FailureType;
}

/** What `experience import` takes. */
export interface ImportOptions {
  readonly data: string;
  readonly merge?: true;
  readonly replace?: true;
  readonly reason: string;
  readonly json?: true;
}

export async function exportExperience({ type, data }: ExportOptions): Promise<void> {
  const { cluster, all } = await readAll(data, type);
  const experiences = Object.fromEntries(all.map(({ failureType, experience }) => [failureType, experience]));
  process.stdout.write(`${JSON.stringify({ format: FORMAT, cluster, exportedAt: new Date().toISOString(), experiences })}\n`);
}

/** @throws one sentence that names the place when the file is not what was exported; then nothing was taken over */
export function importExperienceOf(file: string, { merge, replace, reason, data, json }: ImportOptions): Promise<void> {
  if (!merge && !replace) throw new Error('Cannot tell how it is to be taken over: give --merge or --replace.');
  const way = replace ? 'replace' : 'merge';
  const given = readExported(file);
  return withExperience(data, async (client, cluster) => {
    const by = commander();
    const taken: { readonly failureType: FailureType; readonly rows: number }[] = [];
    for (const [failureType, experience] of given) {
      const rows = await sayTo(client, { cluster, failureType }, { kind: 'import', call: { experience, way, by, reason } });
      taken.push({ failureType, rows: rows.length });
    }
    const lines = taken.map(({ failureType, rows }) => `${failureType}: ${rows} rows are known now.`);
    const text = [`Taken over into cluster ${cluster} (${way}), said ${by.name}: ${reason}`, ...lines].map(printable).join('\n');
    process.stdout.write(json ? `${JSON.stringify({ cluster, way, taken })}\n` : `${text}\n`);
  });
}

function readExported(file: string): readonly (readonly [FailureType, Experience])[] {
  try {
    const value: unknown = JSON.parse(readFileSync(file === '-' ? STDIN : file, 'utf8'));
    if (typeof value !== 'object' || value === null) throw new Error('it is no object.');
    const { format, experiences } = value as Readonly<Record<string, unknown>>;
    if (format !== FORMAT) throw new Error(`"format" must be "${FORMAT}".`);
    if (typeof experiences !== 'object' || experiences === null) throw new Error('"experiences" must be an object.');
    return Object.entries(experiences).map(([type, experience]) => {
      const failureType = FAILURE_TYPES.find((one) => one === type);
      if (failureType === undefined) throw new Error(`"experiences" must not have "${type}": there is no such failure type.`);
      return [failureType, readExperience(experience, `experiences.${failureType}`)] as const;
    });
  } catch (error) {
    throw new Error(printable(`Cannot take over ${file}: ${(error as Error).message}`), { cause: error });
  }
}
