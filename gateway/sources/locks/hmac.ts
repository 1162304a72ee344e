import { isSignedWithOne } from '../../is-one-of.ts';
import type { Admission, Knock, Lock } from './lock.ts';

/** How a source signs what it sends: an HMAC with SHA-256 over the body byte for byte, and over a timestamp where it has one. */
export interface Signing {
  /** In lower case. */
  readonly header: string;
  /** The signatures that a header shows, each in hex or base64 as told; null: it is none of this kind. */
  readonly shown: (header: string) => readonly string[] | null;
  readonly encoding: 'hex' | 'base64';
  /** Null: the source signs no time. */
  readonly timestamp: SignedTime | null;
}

interface SignedTime {
  /** In lower case; its value is a number of seconds since 1970. */
  readonly header: string;
  /** Between timestamp and body, in what is signed. */
  readonly separator: string;
  readonly toleranceSeconds: number;
}

const ONE_DIGEST = { hex: /^[0-9a-f]{64}$/, base64: /^[A-Za-z0-9+/]{43}=$/ };

/** @param secrets any one of them may have signed, so that a new one can be brought in before the old one goes */
export function hmac(secrets: readonly string[], setting: string, signing: Signing): Lock {
  const { header, timestamp, encoding } = signing;
  const headers = timestamp === null ? `"${header}"` : `"${header}" and "${timestamp.header}"`;

  /** The headers as the source writes them and in no other way, so that one request has one signature. */
  function read({ headersDistinct }: Knock): { readonly digests: readonly Buffer[]; readonly time: string | null } | string {
    const value = single(headersDistinct[header]);
    if (value === null) return `It must have ${header} once.`;
    const shown = signing.shown(value);
    if (shown === null || shown.length === 0 || !shown.every((one) => ONE_DIGEST[encoding].test(one))) return 'Its signature is none.';
    const digests = shown.map((one) => Buffer.from(one, encoding));
    if (timestamp === null) return { digests, time: null };
    const time = single(headersDistinct[timestamp.header]);
    if (time === null) return `It must have ${timestamp.header} once.`;
    return /^[1-9]\d{0,10}$/.test(time) ? { digests, time } : 'Its timestamp is no number of seconds.';
  }

  return {
    asks: `a signature with ${setting} in ${headers}`,
    refuses(knock) {
      const given = read(knock);
      return typeof given === 'string' ? given : null;
    },
    admits(knock, body, nowMs): Admission {
      const given = read(knock);
      if (typeof given === 'string') return { kind: 'out', why: given };
      const { digests, time } = given;
      const atMs = Number(time) * 1_000;
      const toleranceMs = (timestamp?.toleranceSeconds ?? 0) * 1_000;
      if (time !== null && !(Math.abs(nowMs - atMs) <= toleranceMs)) return { kind: 'out', why: 'Its timestamp is too far from now.' };
      const signed = time === null ? [body] : [`${time}${timestamp?.separator}`, body];
      // Every signature is tried with every secret, whichever fits.
      const [fitting] = digests.filter((one) => isSignedWithOne(secrets, signed, one));
      if (fitting === undefined) return { kind: 'out', why: 'Its signature is wrong.' };
      return { kind: 'in', once: time === null ? null : { what: fitting.toString('hex'), untilMs: atMs + toleranceMs } };
    },
  };
}

function single(values: readonly string[] | undefined): string | null {
  return values?.length === 1 && values[0] !== '' ? (values[0] ?? null) : null;
}
