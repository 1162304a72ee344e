import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { DecisionDesk } from '../clients/decision-desk.ts';
import type { ModelRecordKeeper } from '../clients/model-records.ts';
import { parseAlertmanager } from './alertmanager.ts';
import { type Answer, refusal } from './answer.ts';
import { openDecisions } from './decisions.ts';
import type { Intake } from './intake.ts';
import type { GatewayMetrics } from './metrics.ts';
import type { TokenHolder } from './people-tokens.ts';
import type { PermitDesk } from './permit-desk.ts';
import { openRaising } from './raising.ts';
import { readBody } from './read-body.ts';
import { showsSecret } from './shared-secret.ts';
import type { SlackDoor } from './slack/app.ts';
import type { StatusDoor } from './status/door.ts';
import { type AlertTaken, takeAlerts } from './take-alerts.ts';
import { type Heartbeats, openHeartbeats, sourceName } from './watchdog.ts';
import type { EventTakers } from './webhooks/model-event.ts';
import { type EventSource, openWebhook } from './webhooks/receive.ts';

/** 20,000 alerts in one body are 8 MB; twice that is the limit. */
const BODY_BYTES_MAX = 16 * 2 ** 20;
/** A sender that has not sent its request by then is cut off; a slow trickle holds no connection for longer. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
const CONNECTIONS_MAX = 512;

export interface GatewayOptions {
  /** Null while Temporal has not been reached yet. */
  readonly intake: () => Intake | null;
  /** Null while Temporal has not been reached yet. */
  readonly desk: () => PermitDesk | null;
  /** Null while Temporal has not been reached yet. */
  readonly decisions: () => DecisionDesk | null;
  /** Who may decide, and raise incidents, over HTTP; null: nobody, and there are no such routes. */
  readonly people: readonly TokenHolder[] | null;
  /** Null: nothing is taken from Slack. */
  readonly slack: SlackDoor | null;
  /** Absent: there is no status page. */
  readonly status?: StatusDoor;
  /** Registries that send events, each under its word in `POST /webhooks/<word>`. */
  readonly webhooks: Readonly<Record<string, EventSource>>;
  /** Null while Temporal has not been reached yet. */
  readonly records: () => ModelRecordKeeper | null;
  /** What senders show as `Authorization: Bearer <secret>`, any one of them. Null: everybody may send. */
  readonly secrets: readonly string[] | null;
  readonly metrics: GatewayMetrics;
  /** Answers what is not about alerts, such as `GET /healthz`; null where it knows nothing. */
  readonly health: (route: string) => Promise<{ readonly code: number; readonly body: string } | null>;
  readonly log: {
    readonly info: (fields: object, message: string) => void;
    readonly warn: (fields: object, message: string) => void;
    readonly debug: (fields: object, message: string) => void;
  };
}

/** The HTTP server alerts come in by. It listens when the caller tells it to. */
export function createGateway(options: GatewayOptions): Server {
  const { metrics, log, slack } = options;
  const heartbeats = openHeartbeats();
  const raising = options.people && openRaising(options.people, options.intake, log);
  const decisions = options.people && openDecisions(options.people, options.decisions, log);
  const webhooks = new Map(
    Object.entries(options.webhooks).map(([word, source]) => [
      `POST /webhooks/${word}`,
      openWebhook(source, () => eventTakers(options), log),
    ]),
  );
  const timeouts = { headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS, connectionsCheckingInterval: 1_000 };
  const server = createServer(timeouts, (request, response) => {
    route(request, response)
      .catch((error): Answer => {
        log.warn({ error: String(error) }, 'A request failed unexpectedly.');
        return refusal(500, 'failed', 'Paramedic failed to handle the request; its log has the reason.');
      })
      .then((given) => {
        if (given === null) return metrics.request(response.statusCode, 'slack');
        metrics.request(given.code, given.result);
        send(given, request, response);
      });
  });
  server.maxConnections = CONNECTIONS_MAX;
  return server;

  /** Null where it is answered already. */
  async function route(request: IncomingMessage, response: ServerResponse): Promise<Answer | null> {
    const where = `${request.method} ${request.url?.split('?')[0]}`;
    const healthy = await options.health(where);
    if (healthy) return { ...healthy, result: 'health' };
    if (where === 'POST /alerts/alertmanager') return answerAlerts(request, options, heartbeats);
    if (slack?.isAt(where)) return slack.take(request, response);
    if (where === 'POST /incidents' && raising) return raising(request);
    if (options.status?.isAt(where)) return options.status.take(request);
    if (where === 'POST /decisions' && decisions) return decisions.decide(request);
    if (where === 'POST /acknowledgements' && decisions) return decisions.acknowledge(request);
    const webhook = webhooks.get(where);
    if (webhook) return webhook(request);
    return refusal(404, 'notFound', `There is nothing at ${where}; alerts go to POST /alerts/alertmanager.`);
  }
}

function eventTakers({ intake, records }: GatewayOptions): EventTakers | null {
  const [ready, kept] = [intake(), records()];
  return ready && kept && { intake: ready, records: kept };
}

async function answerAlerts(request: IncomingMessage, options: GatewayOptions, heartbeats: Heartbeats): Promise<Answer> {
  const { intake, desk, secrets, metrics, log } = options;
  if (secrets && !showsSecret(request, secrets)) {
    const from = request.socket.remoteAddress;
    log.warn({ from }, 'A sender of alerts showed no secret, or a wrong one.');
    return refusal(401, 'wrongSecret', 'The shared secret is missing or wrong; send "Authorization: Bearer <PARAMEDIC_GATEWAY_SECRET>".');
  }
  const body = await readBody(request, BODY_BYTES_MAX);
  if (body === null) return refusal(413, 'bodyTooLarge', `The body is larger than ${BODY_BYTES_MAX} bytes.`);
  const parsed = parseAlertmanager(body.toString('utf8'));
  if (parsed.kind !== 'alerts') return refusal(400, parsed.kind, parsed.fault);
  const [ready, office] = [intake(), desk()];
  if (!ready || !office) return refusal(503, 'unavailable', 'Temporal has not been reached yet; send again.');
  const alive = async () => {
    const source = sourceName(parsed.receiver);
    await heartbeats.beat(source, office.alive, Date.now());
    return source;
  };
  let taken: AlertTaken[];
  try {
    taken = await takeAlerts(parsed.alerts, { intake: ready, alive });
  } catch (error) {
    log.warn({ error: String(error) }, 'An alert could not be stored; the sender is asked to send again.');
    return refusal(503, 'unavailable', 'Temporal or Kubernetes cannot be reached; send again.');
  }
  for (const one of taken) record(one, metrics, log);
  if (parsed.truncated > 0) {
    metrics.truncated(parsed.truncated);
    log.warn({ truncated: parsed.truncated }, 'Alertmanager truncated alerts: more exist than were sent.');
  }
  return { code: 200, result: 'taken', body: { alerts: taken.map((one) => one.taken) } };
}

/** Of an alert only its name and fingerprint are logged: labels and annotations may hold what is not for logs. */
function record({ alert, taken }: AlertTaken, metrics: GatewayMetrics, log: GatewayOptions['log']): void {
  metrics.alert(taken.kind, taken.kind === 'ignored' ? taken.why : 'none');
  const named = { alert: alert.name, fingerprint: alert.fingerprint };
  if (taken.kind === 'ignored') log.debug({ ...named, why: taken.why }, 'An alert was left alone.');
  else if (taken.kind === 'alive') log.debug({ ...named, source: taken.source }, 'A source of alerts is alive.');
  else log.info({ ...named, incident: taken.incident }, taken.kind === 'joined' ? 'An alert joined its incident.' : 'An alert is over.');
}

function send({ code, body, headers }: Answer, request: IncomingMessage, response: ServerResponse): void {
  const text = typeof body === 'string';
  response.writeHead(code, {
    'content-type': text ? 'text/plain; version=0.0.4; charset=utf-8' : 'application/json',
    // What was refused before it was read is not worth reading.
    ...(request.complete ? {} : { connection: 'close' }),
    ...headers,
  });
  response.end(text ? body : `${JSON.stringify(body)}\n`);
}
