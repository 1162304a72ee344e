import type { IncomingMessage } from 'node:http';
import type { Alert } from '../../incident/alert.ts';
import type { Lock } from './locks/lock.ts';

/** What a source sends with a body, beside it. */
export type Envelope = Pick<IncomingMessage, 'headersDistinct'>;

/** A system that sends alerts to `POST /alerts/<word>`. */
export interface AlertSource {
  /** As people call it, such as `Alertmanager`. */
  readonly name: string;
  /** What a request must show to be let in. */
  readonly lock: Lock;
  readonly bodyBytesMax: number;
  /** Reads a body into alerts, or says what is wrong with it and where. Never throws. */
  read(body: Buffer, envelope: Envelope): Reading | Promise<Reading>;
}

/** A source that nobody opened a way for. */
export interface ClosedSource {
  /** The sentence that says how it is opened. */
  readonly opensBy: string;
}

/** What a body says. */
export type Reading =
  | AlertsRead
  /** It is none of this source's, or says what cannot be. */
  | { readonly kind: 'fault'; readonly fault: string }
  /** It is what the source sends, and about no alert. */
  | { readonly kind: 'nothing'; readonly reason: string };

export interface AlertsRead {
  readonly kind: 'alerts';
  readonly alerts: readonly Alert[];
  /** The same delivery has the same, where the source numbers what it sends; null: it does not, and sends an alert again on purpose. */
  readonly once: string | null;
  /** When the source says that it happened, in milliseconds since 1970, where what says so is signed; null: it does not. */
  readonly happenedMs: number | null;
  /** To whom the source sends, by its own name for it; empty where it has none. */
  readonly receiver: string;
  /** So many more exist than were sent. */
  readonly truncated: number;
}

/** Alerts of a source that names no receiver and sends all there are. */
export function alertsRead(alerts: readonly Alert[], once: string | null = null, happenedMs: number | null = null): AlertsRead {
  return { kind: 'alerts', alerts, once, happenedMs, receiver: '', truncated: 0 };
}
