import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A publisher of releases on loopback, and which paths it was asked for. */
export interface ReleaseServer {
  readonly url: string;
  readonly asked: string[];
  close(): void;
}

/** Serves files by path; a path it does not have is answered 404. */
export async function releaseServer(files: Readonly<Record<string, string | Buffer>>): Promise<ReleaseServer> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url!);
    const content = files[request.url!];
    response.writeHead(content === undefined ? 404 : 200).end(content);
  });
  return { url: await listening(server), asked, close: () => server.close() };
}

export async function listening(server: Server): Promise<string> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
