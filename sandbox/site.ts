import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Credentials, makeCredentials } from './credentials.ts';
import type { Ports } from './ports.ts';

/** What the parts of one sandbox share: its folder, its ports, its keys. */
export interface Site {
  /** Holds all the parts write: data, configuration, keys, and `logs/`. */
  readonly dataDir: string;
  readonly ports: Ports;
  readonly credentials: Credentials;
  /** Alertmanager shows it to the gateway as a bearer token. */
  readonly gatewaySecret: string;
}

/** Puts a sandbox's folder in place. Keys that are there already are used again, so that data of an earlier start stays readable. */
export async function prepareSite(dataDir: string, ports: Ports): Promise<Site> {
  mkdirSync(join(dataDir, 'logs'), { recursive: true });
  const secretFile = gatewaySecretFile({ dataDir });
  const gatewaySecret = existsSync(secretFile) ? readFileSync(secretFile, 'utf8') : randomBytes(24).toString('hex');
  writeSecret(secretFile, gatewaySecret);
  return { dataDir, ports, credentials: await makeCredentials(join(dataDir, 'credentials')), gatewaySecret };
}

/** Where a part's output goes. */
export function logPath({ dataDir }: Pick<Site, 'dataDir'>, part: string): string {
  return join(dataDir, 'logs', `${part}.log`);
}

/** The address of one of the sandbox's ports. */
export function loopback(port: number, scheme: 'http' | 'https' = 'http'): string {
  return `${scheme}://127.0.0.1:${port}`;
}

export function gatewaySecretFile({ dataDir }: Pick<Site, 'dataDir'>): string {
  return join(dataDir, 'gateway-secret');
}

/** Writes a file that only this user can read, and gives its path. */
export function writeSecret(path: string, text: string): string {
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

/** Writes a part's configuration into the sandbox's folder, and gives its path. JSON is YAML, too. */
export function writeConfig({ dataDir }: Site, name: string, content: object): string {
  return writeSecret(join(dataDir, name), JSON.stringify(content, null, 2));
}

/** The API server's audit log, the judge of what was really done. */
export function auditLogPath({ dataDir }: Pick<Site, 'dataDir'>): string {
  return join(dataDir, 'audit.log');
}
