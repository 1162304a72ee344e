import type { IncomingMessage } from 'node:http';
import type { Person } from '../incident/person.ts';
import { showsSecret } from './shared-secret.ts';

/** A person who is known by a token of their own. */
export interface TokenHolder {
  readonly name: string;
  readonly token: string;
}

/** Whose token the request shows as `Authorization: Bearer <token>`; null: nobody's. */
export function holderOf(request: Pick<IncomingMessage, 'headersDistinct'>, holders: readonly TokenHolder[]): Person | null {
  // Every token is compared, whichever fits: the time taken tells nothing of them.
  const [holder] = holders.filter(({ token }) => showsSecret(request, [token]));
  return holder ? { id: holder.name, name: holder.name, way: 'http', groups: [] } : null;
}
