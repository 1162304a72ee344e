import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Document, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { ChannelsFile } from './channels.ts';
import type { EscalationChain } from './escalation.ts';
import type { RunbookFault } from './fault.ts';
import { LimitsFile } from './limits.ts';
import { tiesOf } from './matching/ties.ts';
import { Runbook } from './schema.ts';
import { SourcesFile } from './sources.ts';

/** The file of a folder of runbooks that holds the limits of the cluster and of its namespaces. */
const LIMITS_FILE = /^limits\.ya?ml$/;
/** The file that holds the channels by which people are told. */
const CHANNELS_FILE = /^channels\.ya?ml$/;

/** The file that holds the sources of alerts that the gateway does not know by itself. */
const SOURCES_FILE = /^sources\.ya?ml$/;

/** Files that hold what runbooks are tested by. */
export const CASES_FILE = /\.test\.ya?ml$/;

/** The runbooks, limits, channels and sources of a folder, and every fault found in it. */
export interface LoadedRunbooks {
  /** Those that give no chain of escalation have that of the channels' file. */
  readonly runbooks: readonly Runbook[];
  readonly limits: LimitsFile;
  readonly channels: ChannelsFile;
  readonly sources: SourcesFile;
  readonly faults: readonly RunbookFault[];
  /** Where each runbook is written. */
  readonly files: readonly RunbookFile[];
}

/** A file, and the runbook that it holds. */
export interface RunbookFile {
  readonly path: string;
  readonly text: string;
  readonly runbook: Runbook;
}

/**
 * Reads every `.yaml` and `.yml` file of a folder but tests; all faults are told at once.
 * @throws when the folder cannot be read or holds no runbook.
 */
export function loadRunbooks(folder: string): LoadedRunbooks {
  const files = filesOf(folder);
  const named = (name: RegExp) => files.filter((file) => name.test(basename(file)));
  const [ofLimits, ofChannels, ofSources] = [named(LIMITS_FILE), named(CHANNELS_FILE), named(SOURCES_FILE)];
  const ofRunbooks = files.filter((file) => ![...ofLimits, ...ofChannels, ...ofSources].includes(file));
  if (ofRunbooks.length === 0)
    throw new Error(`Cannot find any runbook in ${folder}: it holds no .yaml file but limits, channels and sources.`);
  const texts = ofRunbooks.map((path) => ({ path, text: readFileSync(path, 'utf8') }));
  const parsed = texts.map(({ path, text }) => parseRunbook(path, text));
  const limits = ofLimits.map((file) => parseLimits(file, readFileSync(file, 'utf8')));
  const channels = ofChannels.map((file) => parseChannels(file, readFileSync(file, 'utf8')));
  const sources = ofSources.map((file) => parseSources(file, readFileSync(file, 'utf8')));
  const given = channels[0]?.channels ?? ChannelsFile.parse({});
  // What a file that cannot be read would have said is not guessed.
  const known = channels.some(({ faults }) => faults.length > 0) ? null : Object.keys(given.channels);
  return {
    runbooks: parsed.flatMap((one) => one.runbooks).map((runbook) => ({ ...runbook, escalation: runbook.escalation ?? given.escalation })),
    limits: limits[0]?.limits ?? LimitsFile.parse({}),
    channels: given,
    sources: sources[0]?.sources ?? SourcesFile.parse({}),
    files: texts.flatMap((file, index) => parsed[index]!.runbooks.map((runbook) => ({ ...file, runbook }))),
    faults: [
      ...parsed.flatMap((one) => one.faults),
      ...repeatedNames(parsed),
      ...ties(parsed),
      ...limits.flatMap((one) => one.faults),
      ...repeatedFiles(ofLimits, 'limits'),
      ...channels.flatMap((one) => one.faults),
      ...repeatedFiles(ofChannels, 'channels'),
      ...sources.flatMap((one) => one.faults),
      ...repeatedFiles(ofSources, 'sources'),
      ...parsed.flatMap(({ runbooks: [runbook], placeOf }) => unknownChannels(runbook?.escalation ?? null, known, placeOf)),
      ...channels.flatMap(({ placeOf }) => unknownChannels(given.escalation, known, placeOf)),
    ],
  };
}

/** One file's runbook, and where its name stands. */
interface ParsedRunbook extends Pick<LoadedRunbooks, 'runbooks' | 'faults'> {
  readonly name: RunbookFault | null;
  readonly placeOf: PlaceOf;
}

/** A fault at a place of a file. */
type PlaceOf = (path: readonly PropertyKey[], message?: string) => RunbookFault;

/** Parses one runbook; `file` is only for the faults' places. */
export function parseRunbook(file: string, text: string): ParsedRunbook {
  const { value, faults, placeOf } = parseYaml(file, text, Runbook);
  return value === null ? { runbooks: [], name: null, faults, placeOf } : { runbooks: [value], name: placeOf(['name']), faults, placeOf };
}

/** Parses the limits of cluster and namespaces; `file` is only for the faults' places. Faulty ones are as shipped, and told. */
export function parseLimits(file: string, text: string): Pick<LoadedRunbooks, 'limits' | 'faults'> {
  // A file of which everything is commented out says nothing.
  const { value, faults } = parseYaml(file, text, LimitsFile.nullable());
  return { limits: value ?? LimitsFile.parse({}), faults };
}

/** Parses the channels; `file` is only for the faults' places. Faulty ones are none, and told. */
export function parseChannels(file: string, text: string): Pick<LoadedRunbooks, 'channels' | 'faults'> & { readonly placeOf: PlaceOf } {
  const { value, faults, placeOf } = parseYaml(file, text, ChannelsFile.nullable());
  return { channels: value ?? ChannelsFile.parse({}), faults, placeOf };
}

/** Parses the sources; `file` is only for the faults' places. Faulty ones are none, and told. */
export function parseSources(file: string, text: string): Pick<LoadedRunbooks, 'sources' | 'faults'> {
  const { value, faults } = parseYaml(file, text, SourcesFile.nullable());
  return { sources: value ?? SourcesFile.parse({}), faults };
}

/** @param known null: not known */
function unknownChannels(chain: EscalationChain | null, known: readonly string[] | null, placeOf: PlaceOf): RunbookFault[] {
  if (chain === null || known === null) return [];
  const there = known.length === 0 ? 'it has none' : `it has ${known.join(', ')}`;
  return chain.levels.flatMap(({ channels }, level) =>
    channels.flatMap((name, index) =>
      known.includes(name)
        ? []
        : [placeOf(['escalation', 'levels', level, 'channels', index], `"${name}" is no channel of channels.yaml; ${there}`)],
    ),
  );
}

/** One file against its schema: all faults at once, each with its place. */
export function parseYaml<S extends z.ZodType>(file: string, text: string, schema: S) {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const at = (offset: number, path: readonly PropertyKey[], message: string): RunbookFault => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col, path: path.join('.'), message };
  };
  const placeOf: PlaceOf = (path, message = '') => at(offsetOf(document, path), path, message);
  if (document.errors.length > 0) {
    const faults = document.errors.map(({ pos, message }) => at(pos[0], [], message.split(/ at line \d|\n/)[0]!));
    return { value: null, faults, placeOf };
  }
  const result = schema.safeParse(contentOf(document));
  if (result.success) return { value: result.data as z.infer<S>, faults: [], placeOf };
  const faults = result.error.issues.flatMap((issue) => {
    if (issue.code === 'invalid_key') return [placeOf(issue.path, issue.issues[0]!.message)];
    if (issue.code !== 'unrecognized_keys') return [placeOf(issue.path, issue.message)];
    return issue.keys.map((key) => placeOf([...issue.path, key], `Unrecognized key: "${key}"`));
  });
  return { value: null, faults, placeOf };
}

/** Of two files one would go unread, and nobody could say which. */
function repeatedFiles([first, ...others]: readonly string[], what: string): RunbookFault[] {
  return others.map((file) => ({
    file,
    line: 1,
    column: 1,
    path: '',
    message: `${what} are in ${first} already; only one file may give them`,
  }));
}

function filesOf(folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'it does not exist' : (error as Error).message;
    throw new Error(`Cannot read the runbooks' folder ${folder}: ${why}.`, { cause: error });
  }
  const files = names.filter((name) => /\.ya?ml$/.test(name) && !CASES_FILE.test(name)).sort();
  if (files.length === 0) throw new Error(`Cannot find any runbook in ${folder}: it holds no .yaml file.`);
  return files.map((name) => join(folder, name));
}

/** Undefined for what has no value, such as aliases nested until nothing could hold them; the schema then says what is missing. */
function contentOf(document: Document): unknown {
  try {
    return document.toJS();
  } catch {
    return undefined;
  }
}

/** Where the node at the path begins; for a missing one, where its nearest parent does. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true) as { range?: [number, number, number] } | undefined;
    if (node?.range) return node.range[0];
  }
  return 0;
}

function repeatedNames(parsed: readonly ParsedRunbook[]): RunbookFault[] {
  const firstFile = new Map<string, string>();
  return parsed.flatMap(({ runbooks: [runbook], name }) => {
    if (!runbook || !name) return [];
    const first = firstFile.get(runbook.name);
    if (first === undefined) firstFile.set(runbook.name, name.file);
    return first === undefined ? [] : [{ ...name, message: `"${runbook.name}" is already the name of ${first}; names must be unique` }];
  });
}

/** Of runbooks without a fault of their own; which of two is used must not hang on how they are called. */
function ties(parsed: readonly ParsedRunbook[]): RunbookFault[] {
  const files = new Map(parsed.flatMap((one) => one.runbooks.map((runbook) => [runbook, one] as const)));
  const named = tiesOf([...files.keys()]).filter(({ runbook, other }) => runbook.name !== other.name);
  return named.map(({ runbook, other, path, named }) => {
    const what = named === null ? 'What this asks for' : `"${named}"`;
    const { file } = files.get(other)!.placeOf(['name']);
    const message = `${what} is matched just as specifically by "${other.name}" of ${file}; let one ask for another name, a label, a reason or other kinds`;
    return files.get(runbook)!.placeOf(path, message);
  });
}
