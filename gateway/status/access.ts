import type { IncomingMessage } from 'node:http';
import { type Answer, refusal } from '../answer.ts';
import { holderOf, type TokenHolder } from '../people-tokens.ts';

/** Who may see the status: those who show a token of theirs, everybody who is on this machine, or nobody. */
export type StatusAccess = { readonly holders: readonly TokenHolder[] } | 'thisMachine' | 'nobody';

/** What a browser writes for a server on its own machine; any other name leads here by somebody else's doing. */
const OWN_NAME = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i;

/** Why a request is not shown the status; null: it is. */
export function whyNotShown(request: Pick<IncomingMessage, 'headersDistinct'>, access: StatusAccess): Answer | null {
  if (access === 'nobody')
    return refusal(
      403,
      'notAllowed',
      'The status is shown only to those who have a token, since the gateway listens on more than this machine; set PARAMEDIC_PEOPLE_TOKENS.',
    );
  if (access === 'thisMachine') {
    const hosts = request.headersDistinct.host ?? [];
    // A page of a stranger's may have its own name lead to this machine, and would then read what the browser reads.
    if (hosts.length === 1 && OWN_NAME.test(hosts[0]!)) return null;
    return refusal(
      403,
      'notAllowed',
      'Without PARAMEDIC_PEOPLE_TOKENS the status is shown only at a loopback address, such as http://127.0.0.1.',
    );
  }
  if (holderOf(asBearer(request), access.holders) !== null) return null;
  const denied = refusal(
    401,
    'notAllowed',
    'The token is missing or wrong; show yours of PARAMEDIC_PEOPLE_TOKENS as the password, with any user name, or as "Authorization: Bearer <token>".',
  );
  return { ...denied, headers: { 'www-authenticate': 'Basic realm="Paramedic", charset="UTF-8"' } };
}

/** A browser asks for a name and a password, and the password is the token. */
function asBearer({ headersDistinct }: Pick<IncomingMessage, 'headersDistinct'>): Pick<IncomingMessage, 'headersDistinct'> {
  const shown = headersDistinct.authorization ?? [];
  const authorization = shown.map((one) => {
    const [, encoded] = /^Basic +([A-Za-z0-9+/]+={0,2})$/i.exec(one) ?? [];
    if (encoded === undefined) return one;
    const pair = Buffer.from(encoded, 'base64').toString('utf8');
    return `Bearer ${pair.slice(pair.indexOf(':') + 1)}`;
  });
  return { headersDistinct: { authorization } };
}
