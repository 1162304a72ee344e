import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** Whether the text is one of the secrets. Every one is compared, by digests of one length: the time taken tells nothing of them. */
export function isOneOf(secrets: readonly string[], shown: string): boolean {
  return secrets.map((secret) => secret !== '' && timingSafeEqual(digest(shown), digest(secret))).includes(true);
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** Whether the digest is that of an HMAC with SHA-256 by one of the secrets, over the parts one after the other. */
export function isSignedWithOne(secrets: readonly string[], parts: readonly (string | Buffer)[], digest: Buffer): boolean {
  const fits = secrets.map((secret) => {
    const made = createHmac('sha256', secret);
    for (const part of parts) made.update(part);
    const expected = made.digest();
    return secret !== '' && digest.length === expected.length && timingSafeEqual(expected, digest);
  });
  return fits.includes(true);
}
