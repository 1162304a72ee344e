import { isOneOf } from '../../is-one-of.ts';
import { type Lock, lockOfHeaders } from './lock.ts';

/** A user and a password shown by HTTP Basic authentication, any one of the pairs `user:password`. @param setting which setting holds them */
export function basic(pairs: readonly string[], setting: string): Lock {
  return lockOfHeaders(`HTTP Basic authentication with ${setting}`, ({ headersDistinct }) => {
    const headers = headersDistinct.authorization ?? [];
    const shown = headers.length === 1 ? /^Basic ([A-Za-z0-9+/]+={0,2})$/i.exec(headers[0]!)?.[1] : undefined;
    return shown !== undefined && isOneOf(pairs, Buffer.from(shown, 'base64').toString('utf8'));
  });
}
