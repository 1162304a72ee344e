import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

/** Where the Temporal that `paramedic up` runs can be reached. */
const EmbeddedTemporal = z.object({ address: z.string(), uiUrl: z.string() });

export type EmbeddedTemporal = z.infer<typeof EmbeddedTemporal>;

/** Where `paramedic up` keeps what must outlive it: Temporal's database and the gateway's secret. */
export function defaultStateFolder(environment: NodeJS.ProcessEnv): string {
  return join(environment.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'paramedic');
}

export function makeStateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
}

/** The gateway's secret of this folder and the file it is in; made at first, readable by this user alone. */
export function gatewaySecretOf(folder: string): { readonly file: string; readonly secret: string } {
  const file = join(folder, 'gateway-secret');
  if (!existsSync(file)) writeFileSync(file, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  return { file, secret: readFileSync(file, 'utf8').trim() };
}

/** What the last `up` wrote down of its Temporal, also when that has ended since; null when there is nothing. */
export function readEmbeddedTemporal(folder: string): EmbeddedTemporal | null {
  const file = fileOf(folder);
  if (!existsSync(file)) return null;
  try {
    return EmbeddedTemporal.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

export function writeEmbeddedTemporal(folder: string, embedded: EmbeddedTemporal): void {
  writeFileSync(fileOf(folder), `${JSON.stringify(embedded)}\n`);
}

export function forgetEmbeddedTemporal(folder: string): void {
  rmSync(fileOf(folder), { force: true });
}

function fileOf(folder: string): string {
  return join(folder, 'temporal.json');
}
