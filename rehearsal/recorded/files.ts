import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RecordedIncident } from './recorded.ts';

/** A file of a recorded incident. */
export interface RecordedFile {
  readonly file: string;
  readonly recorded: RecordedIncident;
}

/** Writes an incident into a folder. Returns the file. */
export function writeRecorded(folder: string, recorded: RecordedIncident): string {
  mkdirSync(folder, { recursive: true });
  const name = `${recorded.incident}-${recorded.run.slice(0, 8)}`.replaceAll(/[^A-Za-z0-9.-]+/g, '_');
  const file = join(folder, `${name}.incident.json`);
  writeAgain({ file, recorded });
  return file;
}

export function writeAgain({ file, recorded }: RecordedFile): void {
  writeFileSync(file, `${JSON.stringify(recorded, null, 2)}\n`);
}

/** The recorded incidents of a file, or of a folder. @throws one sentence that names the file and what is wrong in it */
export function readRecorded(path: string): readonly RecordedFile[] {
  const files = statSync(path).isDirectory()
    ? readdirSync(path)
        .filter((name) => name.endsWith('.incident.json'))
        .sort()
        .map((name) => join(path, name))
    : [path];
  if (files.length === 0)
    throw new Error(`Cannot replay ${path}: it holds no file *.incident.json. "paramedic replay --export" writes them.`);
  return files.map((file) => ({ file, recorded: readOne(file) }));
}

function readOne(file: string): RecordedIncident {
  const cannot = `Cannot replay ${file}`;
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`${cannot}: it is not JSON: ${(error as Error).message}.`, { cause: error });
  }
  const parsed = RecordedIncident.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue!.path.length === 0 ? '' : `${issue!.path.join('.')}: `;
  throw new Error(`${cannot}: it is no recorded incident of this version: ${place}${issue!.message}. Export it anew.`);
}
