import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a server is to do with one request. */
interface Scripted {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** It takes the request and says nothing. */
  readonly silent?: boolean;
}

/** A request as the server got it. */
interface Got {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A server on a loopback address that answers as the test says, and remembers what it was asked. */
export interface VendorServer {
  readonly url: string;
  readonly got: Got[];
  /** What follows is answered so; the last stays. */
  answer(...script: readonly Scripted[]): void;
  close(): Promise<void>;
}

export async function openVendorServer(): Promise<VendorServer> {
  const got: Got[] = [];
  let script: Scripted[] = [{}];
  const server: Server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      got.push({ method: request.method!, url: request.url!, headers: request.headers, body: Buffer.concat(parts).toString('utf8') });
      const { status = 200, headers = {}, body = '{}', silent = false } = script.length > 1 ? script.shift()! : script[0]!;
      if (!silent) response.writeHead(status, headers).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    got,
    answer: (...next) => {
      script = [...next];
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
