import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseDocument } from 'yaml';
import type { z } from 'zod';

/** What is read from a file, and the file it is in, from the pack's folder. */
export type Packed<T> = T & { readonly file: string };

/** What every file of a pack says. */
type Entry = z.ZodType<{ readonly name: string }>;

/**
 * Reads every YAML file below some folders, by what each is to be.
 * @throws with every fault of every file, each with its field.
 */
export function readPack<Kind extends Entry>(kind: Kind, ...folders: readonly string[]): Packed<z.infer<Kind>>[] {
  const faults: string[] = [];
  const read = folders.flatMap((folder) => {
    if (!existsSync(folder)) throw new Error(`Cannot read the scenarios' folder ${folder}: it does not exist.`);
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => /\.ya?ml$/.test(file));
    if (files.length === 0) throw new Error(`Cannot find a scenario in ${folder}: it holds no .yaml file.`);
    return files.sort().flatMap((file) => {
      const parsed = parseEntry(kind, file, readFileSync(join(folder, file), 'utf8'));
      faults.push(...parsed.faults.map((fault) => join(relative('.', folder), fault)));
      return parsed.entry ? [{ ...parsed.entry, file }] : [];
    });
  });
  faults.push(...namedTwice(read));
  if (faults.length > 0) throw new Error(`These scenarios cannot be run:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
  return read;
}

/** What one file says, or what is wrong with it: `FILE: FIELD: MESSAGE`. */
export function parseEntry<Kind extends Entry>(
  kind: Kind,
  file: string,
  text: string,
): { readonly entry: z.infer<Kind> | null; readonly faults: readonly string[] } {
  const document = parseDocument(text);
  const [broken] = document.errors;
  if (broken) return { entry: null, faults: [`${file}: ${broken.message.split('\n')[0]}`] };
  const result = kind.safeParse(document.toJS());
  if (result.success) return { entry: result.data, faults: [] };
  return { entry: null, faults: result.error.issues.map((issue) => `${file}: ${fieldOf(issue)}: ${issue.message}`) };
}

function fieldOf({ path }: z.core.$ZodIssue): string {
  return path.join('.') || '(the whole file)';
}

function namedTwice(entries: readonly Packed<{ readonly name: string }>[]): string[] {
  return entries.flatMap(({ name, file }, index) => {
    const first = entries.findIndex((one) => one.name === name);
    return first < index ? [`${file}: name: ${entries[first]?.file} has the same name "${name}"`] : [];
  });
}
