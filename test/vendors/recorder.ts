import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as it came in. Of what says who asks, only the way is kept. */
export interface Recorded {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** As JSON, or as the text that it is where it is none; null where there is none. */
  readonly body: unknown;
  /** Such as `Basic` or `Bearer`; null where nothing says who asks. */
  readonly scheme: string | null;
}

/** What a double answers, as JSON. */
export interface Reply {
  /** 200 by default. */
  readonly status?: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A small server in memory that answers in a vendor's own format. */
export type Double = (request: Recorded, headers: IncomingMessage['headers']) => Reply;

/** What a server may be in, whatever it is asked. */
export type Trouble =
  /** It ends every connection without an answer. */
  | { readonly kind: 'down' }
  /** It never answers. */
  | { readonly kind: 'slow' }
  /** It answers 200 with the page of a login. */
  | { readonly kind: 'malformed' }
  /** It answers so. */
  | ({ readonly kind: 'failing' } & Reply);

/** A double that is listening, and keeps what it is asked. */
export interface Recorder {
  readonly url: string;
  /** What was asked in each step since `begin`. What was asked before the first is in the step of the empty name. */
  readonly steps: ReadonlyMap<string, readonly Recorded[]>;
  /** Forgets what was asked, and begins to keep it anew. */
  begin(): void;
  /** What is asked from now on belongs to this step. A program on its own says so by `POST /step/NAME`. */
  step(name: string): void;
  /** The requests that `isHit` picks, all by default, find it in trouble from now on; null ends that. */
  suffer(trouble: Trouble | null, isHit?: (request: Recorded) => boolean): void;
  close(): Promise<void>;
}

/** Has a double listen on the loopback address. */
export async function record(double: Double): Promise<Recorder> {
  let steps = new Map<string, Recorded[]>();
  let step = '';
  let trouble: Trouble | null = null;
  let hit = (_: Recorded) => true;
  const server = createServer((incoming, outgoing) => {
    readRequest(incoming).then((request) => {
      const named = /^\/step\/(\w+)$/.exec(request.path)?.[1];
      if (named !== undefined) {
        step = named;
        return reply(outgoing, { body: {} });
      }
      steps.set(step, [...(steps.get(step) ?? []), request]);
      if (trouble !== null && hit(request)) return suffer(outgoing, trouble);
      return reply(outgoing, double(request, incoming.headers));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get steps() {
      return steps;
    },
    begin() {
      steps = new Map();
      step = '';
    },
    step(name) {
      step = name;
    },
    suffer(next, isHit = () => true) {
      trouble = next;
      hit = isHit;
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function readRequest(incoming: IncomingMessage): Promise<Recorded> {
  const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://127.0.0.1');
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  return {
    method: incoming.method ?? '',
    // What a client may write as it is or encoded, such as `@`, is the same.
    path: pathname.split('/').map(decodeURIComponent).join('/'),
    query: Object.fromEntries(searchParams),
    body: bodyOf(text),
    scheme: incoming.headers.authorization?.split(' ')[0] ?? null,
  };
}

function bodyOf(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function reply(outgoing: ServerResponse, { status = 200, body, headers = {} }: Reply): void {
  outgoing.writeHead(status, { 'content-type': 'application/json', ...headers });
  outgoing.end(typeof body === 'string' ? body : JSON.stringify(body));
}

function suffer(outgoing: ServerResponse, trouble: Trouble): void {
  if (trouble.kind === 'down') outgoing.destroy();
  if (trouble.kind === 'malformed') reply(outgoing, { body: '<html>Please sign in.</html>', headers: { 'content-type': 'text/html' } });
  if (trouble.kind === 'failing') reply(outgoing, trouble);
}
