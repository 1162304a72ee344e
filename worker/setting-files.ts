import { readFileSync } from 'node:fs';

/** What files gave for secrets, and what is wrong with those that gave nothing. */
export interface SecretsRead {
  readonly values: Readonly<Record<string, string>>;
  readonly faults: readonly string[];
}

/** Reads each secret whose `<name>_FILE` names a file. Blanks around it, such as an editor's last newline, are not part of it. */
export function readSecretFiles(names: readonly string[], environment: NodeJS.ProcessEnv): SecretsRead {
  const values: Record<string, string> = {};
  const faults: string[] = [];
  for (const name of names) {
    const file = environment[`${name}_FILE`];
    if (!file) continue;
    if (environment[name]) {
      faults.push(`${name}_FILE: ${name} is set as well; keep one of the two`);
      continue;
    }
    try {
      const value = readFileSync(file, 'utf8').trim();
      if (value === '') faults.push(`${name}_FILE: the file ${file} is empty; it must hold the secret`);
      else values[name] = value;
    } catch (error) {
      faults.push(`${name}_FILE: cannot read the file ${file}: ${whyUnreadable(error)}`);
    }
  }
  return { values, faults };
}

/** What is wrong with a file that a setting names, or null when it can be read. */
export function faultOfFile(name: string, file: string): string | null {
  try {
    readFileSync(file);
    return null;
  } catch (error) {
    return `${name}: cannot read the file ${file}: ${whyUnreadable(error)}`;
  }
}

function whyUnreadable(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'it does not exist';
  if (code === 'EISDIR') return 'it is a folder';
  if (code === 'EACCES') return 'this user may not read it';
  return code ?? String(error);
}
