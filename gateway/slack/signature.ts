import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** A request older than this, or from further in the future, is not taken. */
export const TIMESTAMP_TOLERANCE_SECONDS = 300;

/** A request that Slack signed, or why it counts as unsigned. */
export type Signed =
  | { readonly kind: 'signed'; readonly signature: string; readonly atSeconds: number }
  | { readonly kind: 'unsigned'; readonly why: string };

/**
 * Checks Slack's signature of version 0: an HMAC with SHA-256, in hex, of `v0:<timestamp>:<body>`, over the body byte for byte
 * as it came. See https://docs.slack.dev/authentication/verifying-requests-from-slack.
 */
export function readSignature(
  { headersDistinct }: Pick<IncomingMessage, 'headersDistinct'>,
  body: Buffer,
  secret: string,
  nowMs: number,
): Signed {
  const unsigned = (why: string): Signed => ({ kind: 'unsigned', why });
  const timestamp = single(headersDistinct['x-slack-request-timestamp']);
  const signature = single(headersDistinct['x-slack-signature']);
  if (timestamp === null || signature === null) return unsigned('It must have X-Slack-Request-Timestamp and X-Slack-Signature, once each.');
  // As Slack writes them and in no other way, so that one request has one signature.
  if (!/^[1-9]\d{0,10}$/.test(timestamp)) return unsigned('Its timestamp is no number of seconds.');
  if (!/^v0=[0-9a-f]{64}$/.test(signature)) return unsigned('Its signature is none of version 0.');
  const atSeconds = Number(timestamp);
  if (!(Math.abs(nowMs / 1000 - atSeconds) <= TIMESTAMP_TOLERANCE_SECONDS)) return unsigned('Its timestamp is too far from now.');
  if (secret === '') return unsigned('No signing secret is set.');
  const expected = createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest();
  if (!timingSafeEqual(expected, Buffer.from(signature.slice(3), 'hex'))) return unsigned('Its signature is wrong.');
  return { kind: 'signed', signature, atSeconds };
}

function single(values: readonly string[] | undefined): string | null {
  return values?.length === 1 && values[0] !== '' ? (values[0] ?? null) : null;
}
