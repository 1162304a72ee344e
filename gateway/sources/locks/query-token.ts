import { isOneOf } from '../../is-one-of.ts';
import { type Lock, lockOfHeaders } from './lock.ts';

/** A token that stands in the address, as the one parameter called so, for senders that can show it nowhere else. */
export function queryToken(parameter: string, tokens: readonly string[], setting: string): Lock {
  return lockOfHeaders(`"?${parameter}=<${setting}>"`, ({ url = '' }) => {
    const query = url.indexOf('?');
    const shown = query === -1 ? [] : new URLSearchParams(url.slice(query)).getAll(parameter);
    return shown.length === 1 && isOneOf(tokens, shown[0]!);
  });
}
