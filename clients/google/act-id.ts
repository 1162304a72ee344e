import { createHash } from 'node:crypto';

const CHARACTERS = 20;
const DIGITS = 10n;

/** A name that is the same for the same act, and allowed wherever Google takes a name or the value of a label. */
export function actId(key: string): string {
  return `paramedic-${hashed(key).slice(0, CHARACTERS)}`;
}

/** The same where Google takes up to ten digits. */
export function actNumber(key: string): string {
  return (BigInt(`0x${hashed(key)}`) % 10n ** DIGITS).toString().padStart(Number(DIGITS), '0');
}

function hashed(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
