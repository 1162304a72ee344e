import { once } from 'node:events';
import { createWriteStream, openSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { parseLine } from '../../clients/audit/parse-line.ts';
import { readLines } from '../../clients/audit/read-lines.ts';
import { isWithin } from '../../reporting/period.ts';
import { counted } from '../counted.ts';
import { openProgress } from '../progress.ts';
import { periodOf } from './period.ts';
import { bytesOf } from './trail-files.ts';

/** What `audit export` takes. */
export interface ExportOptions {
  readonly from?: number;
  readonly to?: number;
  readonly incident?: string;
  readonly file: readonly string[];
  readonly output?: string;
}

/** Prints the lines of a period as they stand, so that each can still be checked by its hash. */
export async function exportTrail({ from, to, incident, file: files, output }: ExportOptions): Promise<void> {
  const period = periodOf(from ?? null, to ?? null);
  const progress = openProgress('Reading the trail', bytesOf(files));
  const target = output === undefined ? process.stdout : createWriteStream(output, { fd: created(output) });
  const count = { lines: 0, changed: 0, unreadable: 0 };
  for (const file of files)
    for await (const { bytes } of readLines(file, progress.advance)) {
      const parsed = parseLine(bytes);
      if (parsed.kind === 'unreadable') {
        count.unreadable++;
        continue;
      }
      const { at, incident: of } = JSON.parse(bytes.toString('utf8'));
      if (!isWithin(at, period) || (incident !== undefined && of !== incident)) continue;
      if (parsed.kind === 'changed') count.changed++;
      count.lines++;
      await write(target, bytes);
    }
  if (target !== process.stdout) {
    target.end();
    await finished(target);
  }
  const faults = [
    ...(count.changed > 0 ? [`not as it was written: ${counted(count.changed, 'line')} of them`] : []),
    ...(count.unreadable > 0 ? [`left out, since it is no entry: ${counted(count.unreadable, 'line')} of the trail`] : []),
  ];
  process.stderr.write(
    `${counted(count.lines, 'line')}${output === undefined ? '' : `, in ${output}`}${faults.map((fault) => `; ${fault}`).join('')}. Check them with "paramedic audit verify --excerpt".\n`,
  );
  if (faults.length > 0) process.exitCode = 1;
}

function created(file: string): number {
  try {
    return openSync(file, 'wx');
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code === 'EEXIST' ? 'it is there already; name another file' : (error as Error).message;
    throw new Error(`Cannot write into ${file}: ${why}.`, { cause: error });
  }
}

async function write(target: Writable, line: Uint8Array): Promise<void> {
  if (!target.write(Buffer.concat([line, Buffer.from('\n')]))) await once(target, 'drain');
}
