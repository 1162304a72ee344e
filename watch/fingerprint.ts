import { createHash } from 'node:crypto';

/** Longer than those of Alertmanager, which have 16 digits, so that an open incident tells which alerts of it are ours. */
const DIGITS = 40;

/** Stable for a name and labels in a cluster, in hexadecimal digits. */
export function fingerprintOf(cluster: string, name: string, labels: Readonly<Record<string, string>>): string {
  const parts = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([cluster, name, parts]))
    .digest('hex')
    .slice(0, DIGITS);
}

export function isOurs(fingerprint: string): boolean {
  return fingerprint.length === DIGITS;
}
