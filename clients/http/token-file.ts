import { readFile } from 'node:fs/promises';
import { Refused } from '../failures.ts';
import type { System } from './system-call.ts';

/**
 * Says who we are by a token in a file that is written anew before the token runs out, as Kubernetes does with those of ServiceAccounts:
 * so it is read at every call.
 * @param name the setting that names the file
 */
export function tokenOfFile(path: string, name: string): System['authorize'] {
  let last: string | null = null;
  return async (refused) => {
    const token = await readToken(path, name);
    if (refused && token === last) return null;
    last = token;
    return { authorization: `Bearer ${token}` };
  };
}

/** @throws Refused when there is no token in it */
async function readToken(path: string, name: string): Promise<string> {
  try {
    const token = (await readFile(path, 'utf8')).trim();
    if (token !== '') return token;
  } catch (error) {
    throw new Refused(`Cannot read the token in ${path} (${name}): ${(error as NodeJS.ErrnoException).code ?? error}.`, { cause: error });
  }
  throw new Refused(`The file ${path} (${name}) is empty; it must hold a token.`);
}
