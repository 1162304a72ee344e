import type { SourceGiven, SourcesFile } from '../runbooks/sources.ts';
import { readSecretFiles } from './setting-files.ts';
import { basicPairs, secretList } from './setting-lists.ts';
import { SOURCE_SETTING } from './settings.ts';

/** The secrets of the sources of `sources.yaml`, by their names, and what keeps the others from being used, a sentence each. */
export interface SourceSecrets {
  readonly secrets: ReadonlyMap<string, readonly string[]>;
  readonly faults: readonly string[];
  /** Variables for sources that there are not. */
  readonly unknown: readonly string[];
}

/** Reads them from the environment. Secrets stand in no fault. */
export function readSourceSecrets({ sources }: SourcesFile, environment: NodeJS.ProcessEnv): SourceSecrets {
  const wanting = Object.entries(sources).filter(([, { auth }]) => auth.kind !== 'clientCertificate');
  const read = readSecretFiles(
    wanting.map(([name]) => settingOfSource(name)),
    environment,
  );
  const secrets = new Map<string, readonly string[]>();
  const faults = [...read.faults];
  for (const [name, source] of wanting) {
    const setting = settingOfSource(name);
    if (read.faults.some((fault) => fault.startsWith(`${setting}_FILE:`))) continue;
    const found = secretsIn(source, read.values[setting] || environment[setting] || '');
    if (typeof found === 'string') faults.push(`${setting}: ${found} (source "${name}" of sources.yaml)`);
    else secrets.set(name, found);
  }
  const known = new Set(wanting.flatMap(([name]) => [settingOfSource(name), `${settingOfSource(name)}_FILE`]));
  return { secrets, faults, unknown: Object.keys(environment).filter((name) => name.startsWith(SOURCE_SETTING) && !known.has(name)) };
}

/** The variable that holds the secret of a source. */
export function settingOfSource(name: string): string {
  return `${SOURCE_SETTING}${name.toUpperCase().replaceAll('-', '_')}`;
}

/** The secrets, or what is wrong with them. */
function secretsIn({ auth }: SourceGiven, text: string): readonly string[] | string {
  if (text === '') return 'is not set; it must be what the source shows, of at least 16 characters';
  const parsed = (auth.kind === 'basic' ? basicPairs : secretList).safeParse(text);
  return parsed.success ? parsed.data : (parsed.error.issues[0]?.message ?? 'is wrong');
}
