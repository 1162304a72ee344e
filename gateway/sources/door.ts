import type { IncomingMessage } from 'node:http';
import { type Answer, refusal } from '../answer.ts';
import type { Intake } from '../intake.ts';
import type { GatewayMetrics } from '../metrics.ts';
import type { PermitDesk } from '../permit-desk.ts';
import { readBodyWithin } from '../read-body.ts';
import { openSingleUse } from '../single-use.ts';
import { type AlertTaken, QueueFull, takeBody } from '../take-body.ts';
import { openHeartbeats, sourceName } from '../watchdog.ts';
import { type InFlight, openInFlight } from './in-flight.ts';
import type { AlertSource, AlertsRead, ClosedSource } from './source.ts';

/** So many of the largest bodies of one source are held at once; past that it is asked to send again. */
const LARGEST_BODIES_MAX = 4;
/** So many alerts of all sources are on their way to Temporal at once; no body may have more. */
const ALERTS_MAX = 100_000;
const SEND_AGAIN_SECONDS = 5;
/** A delivery that its source numbers is not taken again within so long; what happened before that would not be known again. */
const ONCE_MS = 60 * 60_000;

/** Where alerts are brought to. Each is null while Temporal has not been reached yet. */
export interface AlertTakers {
  readonly intake: () => Intake | null;
  readonly desk: () => PermitDesk | null;
  readonly metrics: GatewayMetrics;
  readonly log: {
    readonly info: (fields: object, message: string) => void;
    readonly warn: (fields: object, message: string) => void;
    readonly debug: (fields: object, message: string) => void;
  };
}

/** The doors of all sources, `POST /alerts/<word>`. Null where the path is no such one. */
export function openDoors(sources: Readonly<Record<string, AlertSource | ClosedSource>>, takers: AlertTakers) {
  const alerts = openInFlight(ALERTS_MAX);
  const doors = new Map(
    Object.entries(sources).map(([word, source]) => [word, 'opensBy' in source ? closed(source) : openDoor(word, source, takers, alerts)]),
  );
  return (where: string): ((request: IncomingMessage) => Promise<Answer>) | null => {
    const [, word] = /^POST \/alerts\/([^/]*)$/.exec(where) ?? [];
    if (word === undefined) return null;
    return (
      doors.get(word) ??
      (async () => refusal(404, 'notFound', `There is no source of alerts of this name; there are ${[...doors.keys()].join(', ')}.`))
    );
  };
}

function closed({ opensBy }: ClosedSource): (request: IncomingMessage) => Promise<Answer> {
  return async () => refusal(404, 'notFound', opensBy);
}

/** One source's door: lets in what shows what it must, reads it, and answers when Temporal has all of it. */
function openDoor(
  word: string,
  source: AlertSource,
  takers: AlertTakers,
  inFlight: InFlight,
): (request: IncomingMessage) => Promise<Answer> {
  const { lock, bodyBytesMax, name } = source;
  const { log } = takers;
  const bytes = openInFlight(LARGEST_BODIES_MAX * bodyBytesMax);
  const [requests, deliveries] = [openSingleUse(), openSingleUse()];
  const heartbeats = openHeartbeats();

  return async (request) => {
    const why = lock.refuses(request);
    if (why !== null) return refused(request, why);
    const encoding = request.headers['content-encoding'] ?? 'identity';
    if (encoding !== 'identity') return refusal(415, 'notAlerts', 'The body must be as it is, with no Content-Encoding.');
    const held = openHold(bytes);
    try {
      const body = await readBodyWithin(request, bodyBytesMax, held);
      if (body === 'tooLarge') return refusal(413, 'bodyTooLarge', `The body is larger than ${bodyBytesMax} bytes.`);
      if (body === 'tooMuch') return busy('Too much is being taken already');
      return await take(request, body);
    } finally {
      held.giveAll();
    }
  };

  async function take(request: IncomingMessage, body: Buffer): Promise<Answer> {
    const nowMs = Date.now();
    const admission = lock.admits(request, body, nowMs);
    if (admission.kind === 'out') return refused(request, admission.why);
    const read = await source.read(body, request);
    if (read.kind === 'fault') return refusal(400, 'notAlerts', read.fault);
    if (read.kind === 'nothing') return leftAlone(read.reason);
    // What could never be taken is not to be sent again.
    if (read.alerts.length > ALERTS_MAX)
      return refusal(413, 'bodyTooLarge', `The body has ${read.alerts.length} alerts; it may have ${ALERTS_MAX}.`);
    if (read.happenedMs !== null && nowMs - read.happenedMs > ONCE_MS) return leftAlone('It happened more than an hour ago.');
    const { intake, desk } = takers;
    const [ready, office] = [intake(), desk()];
    if (!ready || !office) return busy('Temporal has not been reached yet');
    const { once: own } = admission;
    if (own && !requests.take(own.what, own.untilMs, nowMs))
      return requests.isFull(nowMs) ? busy('Too much was taken lately') : refusal(409, 'replayed', 'The request was taken before.');
    if (read.once !== null && !deliveries.take(read.once, nowMs + ONCE_MS, nowMs)) {
      // Who delivers at least once is not told off for it.
      if (deliveries.isFull(nowMs)) log.debug({ source: name }, 'Too many deliveries to know them all again.');
      else return leftAlone('It was taken before.', 'replayed');
    }
    const answer = await bring(read, ready, office);
    if (answer.code !== 200) {
      if (own) requests.giveBack(own.what);
      if (read.once !== null) deliveries.giveBack(read.once);
    }
    return answer;
  }

  async function bring(read: AlertsRead, intake: Intake, office: PermitDesk): Promise<Answer> {
    const { alerts, receiver, truncated } = read;
    if (!inFlight.take(alerts.length)) return busy('Too many alerts are being taken already');
    const alive = async () => {
      const from = sourceName(word, receiver);
      await heartbeats.beat(from, office.alive, Date.now());
      return from;
    };
    let taken: AlertTaken[];
    try {
      taken = await takeBody(alerts, { intake, alive, taken: (one) => record(one, takers) });
    } catch (error) {
      log.warn({ source: name, error: String(error) }, 'An alert could not be stored; the sender is asked to send again.');
      return busy(
        error instanceof QueueFull ? 'Too many alerts wait for their incidents already' : 'Temporal or Kubernetes cannot be reached',
      );
    } finally {
      inFlight.give(alerts.length);
    }
    const handedOver = taken.filter((one) => one.taken.kind === 'handedOver').length;
    if (handedOver > 0)
      log.info({ source: name, alerts: handedOver }, 'Alerts were handed to Temporal, which brings them to their incidents.');
    if (truncated > 0) {
      takers.metrics.truncated(truncated);
      log.warn({ source: name, truncated }, 'A source truncated alerts: more exist than were sent.');
    }
    return { code: 200, result: 'taken', body: { alerts: taken.map((one) => one.taken) } };
  }

  function refused(request: IncomingMessage, why: string): Answer {
    log.warn({ from: request.socket.remoteAddress, source: name, why }, 'A sender of alerts did not show what it must.');
    return refusal(401, 'wrongSecret', `It is not known that this comes from ${name}. ${why} It must show ${lock.asks}.`);
  }
}

/** Nothing is wrong with it, and nothing follows. */
function leftAlone(reason: string, result: Answer['result'] = 'taken'): Answer {
  return { code: 200, result, body: { kind: 'ignored', reason } };
}

/** Alertmanager and its like repeat soon what is answered with 503, and only then. */
function busy(why: string): Answer {
  return { ...refusal(503, 'unavailable', `${why}; send again.`), headers: { 'retry-after': String(SEND_AGAIN_SECONDS) } };
}

/** What one request holds of what all may hold. */
function openHold(of: InFlight) {
  let held = 0;
  return {
    fits: of.fits,
    take(amount: number): boolean {
      const isTaken = of.take(amount);
      if (isTaken) held += amount;
      return isTaken;
    },
    giveAll(): void {
      of.give(held);
      held = 0;
    },
  };
}

/** Of an alert only its name and fingerprint are logged: labels and annotations may hold what is not for logs. */
function record({ alert, taken }: AlertTaken, { metrics, log }: AlertTakers): void {
  metrics.alert(taken.kind, taken.kind === 'ignored' ? taken.why : 'none');
  const named = { alert: alert.name, fingerprint: alert.fingerprint };
  if (taken.kind === 'ignored') log.debug({ ...named, why: taken.why }, 'An alert was left alone.');
  else if (taken.kind === 'handedOver') log.debug(named, 'An alert was handed over.');
  else if (taken.kind === 'alive') log.debug({ ...named, source: taken.source }, 'A source of alerts is alive.');
  else log.info({ ...named, incident: taken.incident }, taken.kind === 'joined' ? 'An alert joined its incident.' : 'An alert is over.');
}
