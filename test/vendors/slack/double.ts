import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';

export const BOT_TOKEN = 'xoxb-planted-bot-token';
export const APP_TOKEN = 'xapp-planted-app-token';
export const TEAM = 'T1DC2JH3J';
export const CHANNEL = 'C0INCIDENTS';

/** A call as Slack's Web API takes it. */
interface SlackCall {
  readonly method: string;
  readonly token: string | null;
  readonly args: Readonly<Record<string, unknown>>;
}

/** A message in a channel. */
interface KeptMessage {
  readonly channel: string;
  readonly ts: string;
  readonly thread: string | null;
  text: string;
  blocks: readonly Block[];
  metadata: { readonly event_type: string; readonly event_payload: Readonly<Record<string, unknown>> } | undefined;
  /** Only this user sees it. */
  readonly only?: string;
}

interface Block {
  readonly type: string;
  readonly text?: { readonly type: string; readonly text: string };
  readonly elements?: readonly { readonly type: string; readonly action_id?: string; readonly value?: string }[];
}

/** Somebody in the workspace. */
interface SlackUser {
  readonly id: string;
  readonly name: string;
  readonly team_id: string;
  readonly deleted: boolean;
  readonly is_bot: boolean;
}

/** What goes wrong with the next calls of a method: a status, an error of Slack's, no answer at all, or a lost answer to what was done. */
type Trouble =
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: number }
  | { readonly kind: 'error'; readonly error: string; readonly needed?: string }
  | { readonly kind: 'silence' | 'lostAnswer' | 'notJson' };

/** Slack in memory, as far as it is spoken to: its Web API with what the methods return, and Socket Mode. */
export interface SlackDouble {
  /** Ends with a slash. */
  readonly url: string;
  readonly calls: readonly SlackCall[];
  readonly messages: readonly KeptMessage[];
  readonly views: readonly { readonly id: string; readonly callback_id: string; readonly private_metadata: string }[];
  addUser(user: Partial<SlackUser> & { readonly id: string }): void;
  setGroup(id: string, users: readonly string[]): void;
  /** The next calls of the method go so; then it is well again. */
  trouble(method: string, ...next: readonly Trouble[]): void;
  forget(ts: string): void;
  /** How many are connected by Socket Mode. */
  connections(): number;
  cutConnections(): void;
  /** Sends an envelope to whoever is connected by Socket Mode. @returns what they acknowledged it with */
  sendBySocket(type: 'interactive' | 'slash_commands', payload: object, envelope?: string): Promise<unknown>;
  close(): Promise<void>;
}

export async function openSlackDouble(): Promise<SlackDouble> {
  const calls: SlackCall[] = [];
  const messages: KeptMessage[] = [];
  const views: { id: string; callback_id: string; private_metadata: string }[] = [];
  const users = new Map<string, SlackUser>();
  const groups = new Map<string, readonly string[]>();
  const troubles = new Map<string, Trouble[]>();
  const acks = new Map<string, (payload: unknown) => void>();
  let count = 0;

  const methods: Readonly<Record<string, (args: Readonly<Record<string, unknown>>) => object>> = {
    'auth.test': () => ({ ok: true, team_id: TEAM, user_id: 'U0BOT', bot_id: 'B0BOT' }),
    'chat.postMessage': (args) => {
      const kept = keep(args);
      return { ok: true, channel: kept.channel, ts: kept.ts, message: { text: kept.text, ts: kept.ts } };
    },
    'chat.postEphemeral': (args) => ({ ok: true, message_ts: keep({ ...args, only: args.user }).ts }),
    'chat.update': ({ channel, ts, text, blocks }) => {
      const found = messages.find((one) => one.channel === channel && one.ts === ts);
      if (!found) return { ok: false, error: 'message_not_found' };
      Object.assign(found, { text, blocks: read(blocks) });
      return { ok: true, channel, ts, text };
    },
    'conversations.history': ({ channel }) => ({
      ok: true,
      messages: messages.filter((one) => one.channel === channel && one.thread === null && !one.only).map(shown),
    }),
    'conversations.replies': ({ channel, ts }) => ({
      ok: true,
      messages: messages.filter((one) => one.channel === channel && (one.ts === ts || one.thread === ts) && !one.only).map(shown),
    }),
    'users.info': ({ user }) => {
      const found = users.get(String(user));
      return found ? { ok: true, user: { ...found, profile: { display_name: found.name } } } : { ok: false, error: 'user_not_found' };
    },
    'usergroups.users.list': ({ usergroup }) => {
      const found = groups.get(String(usergroup));
      return found ? { ok: true, users: found } : { ok: false, error: 'no_such_subteam' };
    },
    'views.open': ({ view }) => {
      const opened = { id: `V${++count}`, ...(read(view) as { callback_id: string; private_metadata: string }) };
      views.push(opened);
      return { ok: true, view: opened };
    },
    'apps.connections.open': () => ({ ok: true, url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/link` }),
  };

  function keep({ channel, text, blocks, metadata, thread_ts: thread, only }: Readonly<Record<string, unknown>>): KeptMessage {
    const ts = `1764000000.${String(++count).padStart(6, '0')}`;
    const kept: KeptMessage = {
      ...{ channel: String(channel), ts, thread: thread === undefined ? null : String(thread), text: String(text) },
      ...{ blocks: read(blocks) as readonly Block[], metadata: read(metadata) as KeptMessage['metadata'] },
      ...(only === undefined ? {} : { only: String(only) }),
    };
    messages.push(kept);
    return kept;
  }

  const server: Server = createServer((request, response) => void answer(request, response));
  const sockets = new WebSocketServer({ server, path: '/link' });
  sockets.on('connection', (socket) => {
    socket.send(JSON.stringify({ type: 'hello', num_connections: 1, connection_info: { app_id: 'A0' }, debug_info: {} }));
    socket.on('message', (data) => {
      const { envelope_id: id, payload } = JSON.parse(String(data));
      acks.get(id)?.(payload);
    });
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = (request.url ?? '').replace(/^\/api\//, '');
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? null;
    const args = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()));
    calls.push({ method, token, args });
    const trouble = troubles.get(method)?.shift();
    if (trouble?.kind === 'silence') return;
    const isApp = method === 'apps.connections.open';
    const refused = token !== (isApp ? APP_TOKEN : BOT_TOKEN);
    const known = methods[method];
    const result = refused
      ? { ok: false, error: 'invalid_auth' }
      : known
        ? withTrouble(trouble, () => known(args))
        : { ok: false, error: 'unknown_method' };
    if (trouble?.kind === 'lostAnswer') return void request.socket.destroy();
    // Else a connection that was cut is taken for the next call.
    const headers = { 'content-type': 'application/json; charset=utf-8', connection: 'close' };
    if (trouble?.kind === 'status')
      return void response
        .writeHead(trouble.status, {
          ...headers,
          ...(trouble.retryAfter === undefined ? {} : { 'retry-after': String(trouble.retryAfter) }),
        })
        .end(JSON.stringify({ ok: false, error: 'ratelimited' }));
    if (trouble?.kind === 'notJson') return void response.writeHead(200, headers).end('<html>a proxy</html>');
    response.writeHead(200, headers).end(JSON.stringify(result));
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`,
    calls,
    messages,
    views,
    addUser: (user) => users.set(user.id, { name: user.id.toLowerCase(), team_id: TEAM, deleted: false, is_bot: false, ...user }),
    setGroup: (id, members) => groups.set(id, members),
    trouble: (method, ...next) => troubles.set(method, [...next]),
    forget(ts) {
      messages.splice(
        messages.findIndex((one) => one.ts === ts),
        1,
      );
    },
    connections: () => sockets.clients.size,
    cutConnections() {
      for (const socket of sockets.clients) socket.terminate();
    },
    sendBySocket(type, payload, envelope = `e${++count}`) {
      return new Promise((resolve) => {
        acks.set(envelope, resolve);
        for (const socket of sockets.clients)
          socket.send(JSON.stringify({ type, envelope_id: envelope, payload, accepts_response_payload: true }));
      });
    },
    close() {
      for (const socket of sockets.clients) socket.terminate();
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** What was to be done is done where only the answer is lost. */
function withTrouble(trouble: Trouble | undefined, call: () => object): object {
  if (trouble === undefined || trouble.kind === 'lostAnswer') return call();
  return trouble.kind === 'error' ? { ok: false, error: trouble.error, needed: trouble.needed } : {};
}

/** Structured arguments come as JSON in a form. */
function read(given: unknown): unknown {
  return typeof given === 'string' ? JSON.parse(given) : given;
}

function shown({ ts, text, blocks, metadata, thread }: KeptMessage): object {
  return { type: 'message', ts, text, blocks, ...(metadata ? { metadata } : {}), ...(thread ? { thread_ts: thread } : {}) };
}
