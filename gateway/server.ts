import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { parseAlertmanager } from './alertmanager.ts';
import { type Intake, type Taken, takeAlert } from './intake.ts';
import { gatewayMetrics } from './metrics.ts';

/** 20,000 alerts in one body are 8 MB; twice that is the limit. */
const BODY_BYTES_MAX = 16 * 2 ** 20;

interface Answer {
  readonly code: number;
  readonly body: object | string;
}

export interface GatewayOptions {
  readonly intake: Intake;
  /** What senders show as `Authorization: Bearer <secret>`. */
  readonly secret: string;
  readonly log: (message: string, fields: object) => void;
}

/** The HTTP server alerts come in by. It listens when the caller tells it to. */
export function createGateway({ intake, secret, log }: GatewayOptions): Server {
  const metrics = gatewayMetrics();

  async function answer(request: IncomingMessage): Promise<Answer> {
    const route = `${request.method} ${request.url?.split('?')[0]}`;
    if (route === 'GET /healthz') return { code: 200, body: 'ok\n' };
    if (route === 'GET /metrics') return { code: 200, body: await metrics.registry.metrics() };
    if (route !== 'POST /alerts/alertmanager')
      return { code: 404, body: { error: `There is nothing at ${route}; alerts go to POST /alerts/alertmanager.` } };
    if (!authorised(request.headers.authorization, secret)) {
      return {
        code: 401,
        body: { error: 'The shared secret is missing or wrong; send "Authorization: Bearer <PARAMEDIC_GATEWAY_SECRET>".' },
      };
    }
    const text = await readBody(request);
    if (text === null) return { code: 413, body: { error: `The body is larger than ${BODY_BYTES_MAX} bytes.` } };
    const parsed = parseAlertmanager(text);
    if ('fault' in parsed) return { code: 400, body: { error: parsed.fault } };
    const taken: Taken[] = [];
    try {
      for (const alert of parsed.alerts) taken.push(await takeAlert(alert, intake));
    } catch (error) {
      log('An alert could not be stored; the sender is asked to send again.', { error: String(error) });
      return { code: 503, body: { error: 'Temporal or Kubernetes cannot be reached; send again.' } };
    }
    for (const { kind } of taken) metrics.alerts.inc({ result: kind });
    if (parsed.truncated > 0) log('Alertmanager truncated alerts: more exist than were sent.', { truncated: parsed.truncated });
    return { code: 200, body: { alerts: taken } };
  }

  return createServer((request, response) => {
    answer(request)
      .catch((error): Answer => {
        log('A request failed unexpectedly.', { error: String(error) });
        return { code: 500, body: { error: 'Paramedic failed to handle the request; its log has the reason.' } };
      })
      .then(({ code, body }) => {
        metrics.requests.inc({ code });
        const text = typeof body === 'string';
        response.writeHead(code, {
          'content-type': text ? 'text/plain; version=0.0.4' : 'application/json',
          ...(code === 413 ? { connection: 'close' } : {}),
        });
        response.end(text ? body : `${JSON.stringify(body)}\n`);
      });
  });
}

/** Digests have one length, so that comparing them tells nothing of the secret's. */
function authorised(header: string | undefined, secret: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return secret.length > 0 && timingSafeEqual(digest(header ?? ''), digest(`Bearer ${secret}`));
}

async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_BYTES_MAX) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
