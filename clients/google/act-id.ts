import { createHash } from 'node:crypto';

const CHARACTERS = 20;

/** A name that is the same for the same act, and allowed wherever Google takes a name or the value of a label. */
export function actId(key: string): string {
  return `paramedic-${createHash('sha256').update(key).digest('hex').slice(0, CHARACTERS)}`;
}
