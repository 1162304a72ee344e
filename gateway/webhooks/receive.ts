import type { IncomingMessage } from 'node:http';
import { type Answer, refusal } from '../answer.ts';
import { readBody } from '../read-body.ts';
import { openSingleUse } from '../single-use.ts';
import { type EventTakers, type ModelEvent, takeModelEvent } from './model-event.ts';

/** An event about one model is some hundred bytes. */
const BODY_BYTES_MAX = 256 * 2 ** 10;

/** A delivery that its registry signed, or why it counts as unsigned. */
export type Delivery =
  | {
      readonly kind: 'signed' /** The same delivery has the same. */;
      readonly once: string;
      readonly untilMs: number;
      readonly atMs: number;
    }
  | { readonly kind: 'refused'; readonly why: string };

/** A registry that sends events. */
export interface EventSource {
  readonly name: string;
  check(request: Pick<IncomingMessage, 'headersDistinct'>, body: Buffer, nowMs: number): Delivery;
  /** Null: it is of no interest here. */
  read(json: unknown, signed: Delivery & { readonly kind: 'signed' }): ModelEvent | 'malformed' | null;
}

type Log = { readonly warn: (fields: object, message: string) => void; readonly info: (fields: object, message: string) => void };

/** Takes events of one registry, each once. @param takers null while Temporal has not been reached yet */
export function openWebhook(source: EventSource, takers: () => EventTakers | null, log: Log) {
  const singleUse = openSingleUse();
  return async (request: IncomingMessage): Promise<Answer> => {
    const body = await readBody(request, BODY_BYTES_MAX);
    if (body === null) return refusal(413, 'bodyTooLarge', `The body is larger than ${BODY_BYTES_MAX} bytes.`);
    const nowMs = Date.now();
    const delivery = source.check(request, body, nowMs);
    if (delivery.kind === 'refused') {
      log.warn({ from: request.socket.remoteAddress, why: delivery.why }, `An event was not signed by ${source.name}.`);
      return refusal(401, 'notSigned', `The event is not signed by ${source.name}: ${delivery.why}`);
    }
    const event = source.read(jsonOf(body), delivery);
    if (event === 'malformed')
      return refusal(400, 'notModelEvent', `The body is no event of ${source.name} about a model; see docs/models.md.`);
    const ready = takers();
    if (ready === null) return refusal(503, 'unavailable', 'Temporal has not been reached yet; send again.');
    if (!singleUse.take(delivery.once, delivery.untilMs, nowMs)) return refusal(409, 'replayed', 'The event was taken before.');
    if (event === null)
      return { code: 200, result: 'taken', body: { kind: 'ignored', reason: 'It is no event that says something of what serves.' } };
    try {
      const taken = await takeModelEvent(event, ready);
      log.info({ model: event.model, event: event.kind, taken: taken.kind }, `An event of ${source.name} was taken.`);
      return { code: 200, result: 'taken', body: taken };
    } catch (error) {
      singleUse.giveBack(delivery.once);
      log.warn({ error: String(error) }, 'An event could not be taken; the sender is asked to send again.');
      return refusal(503, 'unavailable', 'Temporal or Kubernetes cannot be reached, or no worker answers; send again.');
    }
  };
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
