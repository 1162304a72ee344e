import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CodeVersion } from '../incident/audit-line.ts';
import type { Settings } from './settings.ts';

/** Of the package that this file is in. */
export function packageVersion(): string {
  return JSON.parse(readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8')).version;
}

/** What the audit trail says of the code that acts. */
export function codeVersion({ PARAMEDIC_COMMIT: commit }: Pick<Settings, 'PARAMEDIC_COMMIT'>): CodeVersion {
  return { version: packageVersion(), ...(commit === undefined ? {} : { commit }) };
}
