import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { DecisionDesk } from '../clients/decision-desk.ts';
import type { ModelRecordKeeper } from '../clients/model-records.ts';
import { type Answer, refusal } from './answer.ts';
import { openDecisions } from './decisions.ts';
import type { Intake } from './intake.ts';
import type { GatewayMetrics } from './metrics.ts';
import type { TokenHolder } from './people-tokens.ts';
import type { PermitDesk } from './permit-desk.ts';
import { openRaising } from './raising.ts';
import type { SlackDoor } from './slack/app.ts';
import { openDoors } from './sources/door.ts';
import type { AlertSource, ClosedSource } from './sources/source.ts';
import type { StatusDoor } from './status/door.ts';
import { readTlsFiles, type TlsFiles } from './tls.ts';
import type { EventTakers } from './webhooks/model-event.ts';
import { type EventSource, openWebhook } from './webhooks/receive.ts';

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
  /** Systems that alerts are taken from, each under its word in `POST /alerts/<word>`, and those that nobody opened a way for. */
  readonly sources: Readonly<Record<string, AlertSource | ClosedSource>>;
  /** Absent: it speaks plain HTTP. */
  readonly tls?: TlsFiles;
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
export function createGateway(options: GatewayOptions): Server | TlsServer {
  const { metrics, log, slack } = options;
  const doors = openDoors(options.sources, options);
  const raising = options.people && openRaising(options.people, options.intake, log);
  const decisions = options.people && openDecisions(options.people, options.decisions, log);
  const webhooks = new Map(
    Object.entries(options.webhooks).map(([word, source]) => [
      `POST /webhooks/${word}`,
      openWebhook(source, () => eventTakers(options), log),
    ]),
  );
  const timeouts = { headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS, connectionsCheckingInterval: 1_000 };
  const server = options.tls ? createTlsServer({ ...timeouts, ...readTlsFiles(options.tls) }, answer) : createServer(timeouts, answer);
  server.maxConnections = CONNECTIONS_MAX;
  return server;

  function answer(request: IncomingMessage, response: ServerResponse): void {
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
  }

  /** Null where it is answered already. */
  async function route(request: IncomingMessage, response: ServerResponse): Promise<Answer | null> {
    const where = `${request.method} ${request.url?.split('?')[0]}`;
    const healthy = await options.health(where);
    if (healthy) return { ...healthy, result: 'health' };
    const door = doors(where);
    if (door) return door(request);
    if (slack?.isAt(where)) return slack.take(request, response);
    if (where === 'POST /incidents' && raising) return raising(request);
    if (options.status?.isAt(where)) return options.status.take(request);
    if (where === 'POST /decisions' && decisions) return decisions.decide(request);
    if (where === 'POST /acknowledgements' && decisions) return decisions.acknowledge(request);
    const webhook = webhooks.get(where);
    if (webhook) return webhook(request);
    return refusal(404, 'notFound', `There is nothing at ${where}; alerts go to POST /alerts/<source>, such as /alerts/alertmanager.`);
  }
}

function eventTakers({ intake, records }: GatewayOptions): EventTakers | null {
  const [ready, kept] = [intake(), records()];
  return ready && kept && { intake: ready, records: kept };
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
