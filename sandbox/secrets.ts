import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Site, writeSecret } from './site.ts';

/** Who may do everything, where a server has users. */
export const ADMIN = 'admin';

/** The file that holds a secret of the sandbox, such as a server's administrator's password. */
export function secretFile({ dataDir }: Pick<Site, 'dataDir'>, name: string): string {
  return join(dataDir, 'credentials', `${name}-secret`);
}

/** A secret of the sandbox: made up the first time, the same one from then on. */
export function secretOf(site: Pick<Site, 'dataDir'>, name: string): string {
  const file = secretFile(site, name);
  if (!existsSync(file)) writeSecret(file, randomBytes(24).toString('hex'));
  return readFileSync(file, 'utf8');
}
