import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a vendor's double answers to one request. */
interface Answered {
  readonly status: number;
  readonly body?: object | string;
}

/** A vendor as far as it is spoken to: it refuses what the vendor refuses, and keeps what the vendor keeps. */
export interface VendorDouble<Kept> {
  readonly url: string;
  readonly kept: Kept;
  close(): Promise<void>;
}

/** An alert as a pager keeps it. */
export interface Alert {
  status: 'open' | 'acknowledged' | 'closed';
  /** How often somebody was paged for it. */
  pages: number;
  readonly texts: string[];
}

async function open<Kept>(kept: Kept, answer: (request: IncomingMessage, body: string) => Answered): Promise<VendorDouble<Kept>> {
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
    const { status, body = '' } = answer(request, Buffer.concat(parts).toString('utf8'));
    response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    kept,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

const isText = (value: unknown, max: number) => typeof value === 'string' && value.length > 0 && value.length <= max;

/** The Events API v2. @param key the one routing key it knows */
export function openPagerDuty(key: string): Promise<VendorDouble<Map<string, Alert>>> {
  const alerts = new Map<string, Alert>();
  return open(alerts, ({ method, url }, body) => {
    if (method !== 'POST' || url !== '/v2/enqueue') return { status: 404 };
    const { routing_key, event_action, dedup_key, payload } = JSON.parse(body);
    const errors: string[] = [];
    if (routing_key !== key) errors.push(`routing_key ${routing_key} is not known`);
    if (!isText(dedup_key, 255)) errors.push("Length of 'dedup_key' is incorrect");
    if (!['trigger', 'acknowledge', 'resolve'].includes(event_action)) errors.push("'event_action' is missing or invalid");
    if (event_action === 'trigger') {
      if (!isText(payload?.summary, 1_024)) errors.push("'payload.summary' is missing or too long");
      if (!isText(payload?.source, 1_024)) errors.push("'payload.source' is missing");
      if (!['critical', 'error', 'warning', 'info'].includes(payload?.severity)) errors.push("'payload.severity' is invalid");
    }
    if (errors.length > 0 || body.length > 512_000)
      return { status: 400, body: { status: 'invalid event', message: 'Event object is invalid', errors } };
    const alert = alerts.get(dedup_key);
    if (event_action === 'trigger') tell(alerts, dedup_key, JSON.stringify(payload));
    // What it never heard of, or is over, is dropped.
    else if (alert && alert.status !== 'closed') alert.status = event_action === 'resolve' ? 'closed' : 'acknowledged';
    return { status: 202, body: { status: 'success', message: 'Event processed', dedup_key } };
  });
}

/** A key is one alert, and one page, while it is open. */
function tell(alerts: Map<string, Alert>, key: string, text: string): void {
  const alert = alerts.get(key);
  if (alert && alert.status !== 'closed') alert.texts.push(text);
  else alerts.set(key, { status: 'open', pages: (alert?.pages ?? 0) + 1, texts: [...(alert?.texts ?? []), text] });
}

/** The Alert API. @param key the one API key it knows */
export function openOpsgenie(key: string): Promise<VendorDouble<Map<string, Alert>>> {
  const alerts = new Map<string, Alert>();
  const accepted = { status: 202, body: { result: 'Request will be processed', took: 0.1, requestId: '43a29c5c' } };
  return open(alerts, ({ method, url = '', headers }, body) => {
    if (headers.authorization !== `GenieKey ${key}`)
      return { status: 401, body: { message: `Could not authenticate ${headers.authorization}`, took: 0, requestId: 'r' } };
    if (method !== 'POST') return { status: 405 };
    const given = JSON.parse(body);
    if (url === '/v2/alerts') {
      const isSound =
        isText(given.message, 130) &&
        isText(given.alias, 512) &&
        isText(given.description, 15_000) &&
        /^P[1-5]$/.test(given.priority) &&
        (given.entity === undefined || isText(given.entity, 512));
      if (!isSound) return { status: 422, body: { message: 'Request body is not processable.', took: 0, requestId: 'r' } };
      tell(alerts, given.alias, body);
      return accepted;
    }
    const [, alias, action] = /^\/v2\/alerts\/([a-z0-9-]+)\/(close|acknowledge)\?identifierType=alias$/.exec(url) ?? [];
    if (alias === undefined) return { status: 404 };
    const alert = alerts.get(alias);
    if (alert && alert.status !== 'closed') alert.status = action === 'close' ? 'closed' : 'acknowledged';
    return accepted;
  });
}

/** A message as Slack keeps it. */
export interface Posted {
  readonly ts: string;
  readonly thread: string | null;
  readonly isBroadcast: boolean;
  readonly text: string;
  readonly blocks: readonly {
    readonly type: string;
    readonly text: { readonly type: string; readonly text: string; readonly emoji?: boolean };
  }[];
  readonly form: Readonly<Record<string, string>>;
}

/** `chat.postMessage`. @param token the one bot it knows @param channel the one channel that bot is in */
export function openSlack(token: string, channel: string): Promise<VendorDouble<Posted[]>> {
  const posted: Posted[] = [];
  return open(posted, ({ url, headers }, body) => {
    if (url !== '/chat.postMessage') return { status: 200, body: { ok: false, error: 'unknown_method' } };
    if (headers.authorization !== `Bearer ${token}`) return { status: 200, body: { ok: false, error: 'invalid_auth' } };
    const form = Object.fromEntries(new URLSearchParams(body));
    if (form.channel !== channel) return { status: 200, body: { ok: false, error: 'channel_not_found' } };
    const blocks: Posted['blocks'] = JSON.parse(form.blocks ?? '[]');
    const isSound = blocks.length <= 50 && blocks.every((block) => isText(block.text.text, block.type === 'header' ? 150 : 3_000));
    if (!isSound) return { status: 200, body: { ok: false, error: 'invalid_blocks' } };
    if (form.thread_ts && !posted.some(({ ts }) => ts === form.thread_ts))
      return { status: 200, body: { ok: false, error: 'thread_not_found' } };
    const ts = `1700000000.${String(posted.length + 1).padStart(6, '0')}`;
    posted.push({ ts, thread: form.thread_ts ?? null, isBroadcast: form.reply_broadcast === 'true', text: form.text ?? '', blocks, form });
    return { status: 200, body: { ok: true, channel, ts, message: {} } };
  });
}

/** A card as Teams shows it: the texts of its runs. */
export interface Card {
  readonly types: readonly string[];
  readonly runs: readonly string[];
}

/** A workflow that waits for a Teams webhook request. @param secret what its URL must end with */
export function openTeams(secret: string): Promise<VendorDouble<Card[]>> {
  const cards: Card[] = [];
  return open(cards, ({ url }, body) => {
    if (url !== `/workflows/triggers/manual/paths/invoke?api-version=1&sig=${secret}`)
      return { status: 401, body: { error: { code: 'DirectApiAuthorizationRequired' } } };
    if (Buffer.byteLength(body) > 28_000) return { status: 413 };
    const { type, attachments } = JSON.parse(body);
    const [{ contentType, content }] = attachments;
    if (type !== 'message' || contentType !== 'application/vnd.microsoft.card.adaptive' || content.type !== 'AdaptiveCard')
      return { status: 400, body: { error: { code: 'TriggerInputSchemaMismatch' } } };
    const blocks: readonly { type: string; inlines?: readonly { text: string }[]; text?: string }[] = content.body;
    cards.push({
      types: blocks.map((block) => block.type),
      runs: blocks.flatMap(({ inlines, text }) => inlines?.map((one) => one.text) ?? text ?? []),
    });
    return { status: 202 };
  });
}

/** Where the workflow of `openTeams` listens. */
export const teamsUrl = (url: string, secret: string) => `${url}/workflows/triggers/manual/paths/invoke?api-version=1&sig=${secret}`;
