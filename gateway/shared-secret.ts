import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Whether the request shows one of the secrets as `Authorization: Bearer <secret>`, once and exactly. */
export function showsSecret(request: Pick<IncomingMessage, 'headersDistinct'>, secrets: readonly string[]): boolean {
  const headers = request.headersDistinct.authorization ?? [];
  const shown = headers.length === 1 ? /^Bearer (.+)$/i.exec(headers[0]!)?.[1] : undefined;
  if (shown === undefined) return false;
  // Every secret is compared, whichever fits, and by digests of one length: the time taken tells nothing of them.
  return secrets.map((secret) => secret !== '' && timingSafeEqual(digest(shown), digest(secret))).includes(true);
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
