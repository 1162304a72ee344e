import type { IncomingMessage } from 'node:http';
import { isOneOf } from './is-one-of.ts';

/** Whether the request shows one of the secrets as `Authorization: Bearer <secret>`, once and exactly. */
export function showsSecret(request: Pick<IncomingMessage, 'headersDistinct'>, secrets: readonly string[]): boolean {
  const headers = request.headersDistinct.authorization ?? [];
  const shown = headers.length === 1 ? /^Bearer (.+)$/i.exec(headers[0]!)?.[1] : undefined;
  return shown !== undefined && isOneOf(secrets, shown);
}
