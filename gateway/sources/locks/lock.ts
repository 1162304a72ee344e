import type { IncomingMessage } from 'node:http';

/** What is looked at of a request before its body is there. */
export type Knock = Pick<IncomingMessage, 'headersDistinct' | 'url' | 'socket'>;

/** Whether a request is let in. */
export type Admission =
  | {
      readonly kind: 'in';
      /** The same request has the same until then, so that a replay is known; null: whoever sends may send the same again. */
      readonly once: { readonly what: string; readonly untilMs: number } | null;
    }
  | { readonly kind: 'out'; readonly why: string };

/** What a source must show before what it sends is believed. */
export interface Lock {
  /** What it is asked to show, for whoever is refused, such as `"Authorization: Bearer <PARAMEDIC_GATEWAY_SECRET>"`. */
  readonly asks: string;
  /** Why a request is refused before its body is read; null: it is not yet. */
  refuses(knock: Knock): string | null;
  /** Whether a request is let in, given its body byte for byte as it came. */
  admits(knock: Knock, body: Buffer, nowMs: number): Admission;
}

const LET_IN: Admission = { kind: 'in', once: null };

/** A lock that headers alone open. @param isShown must take the same time whatever is shown */
export function lockOfHeaders(asks: string, isShown: (knock: Knock) => boolean): Lock {
  const refuses = (knock: Knock) => (isShown(knock) ? null : 'What it shows is missing or wrong.');
  return {
    asks,
    refuses,
    admits(knock) {
      const why = refuses(knock);
      return why === null ? LET_IN : { kind: 'out', why };
    },
  };
}

/** Everybody is let in. */
export const OPEN: Lock = lockOfHeaders('nothing', () => true);

/** Every one of the locks must open. */
export function allOf(locks: readonly [Lock, ...Lock[]]): Lock {
  if (locks.length === 1) return locks[0];
  return {
    asks: locks.map(({ asks }) => asks).join(' and '),
    refuses: (knock) => locks.map((one) => one.refuses(knock)).find((why) => why !== null) ?? null,
    admits(knock, body, nowMs) {
      const admissions = locks.map((one) => one.admits(knock, body, nowMs));
      const refused = admissions.find(({ kind }) => kind === 'out');
      return refused ?? admissions.find((one) => one.kind === 'in' && one.once !== null) ?? LET_IN;
    },
  };
}

/** The first lock, or in its place the other: what opens the first needs no other. */
export function eitherOf(first: Lock, other: Lock): Lock {
  const opened = (knock: Knock) => (first.refuses(knock) === null ? first : other);
  return {
    asks: `${first.asks}, or ${other.asks}`,
    refuses: (knock) => opened(knock).refuses(knock),
    admits: (knock, body, nowMs) => opened(knock).admits(knock, body, nowMs),
  };
}
