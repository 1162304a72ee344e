import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PartName } from './parts/part.ts';
import type { PartStatus } from './running-part.ts';
import type { Sandbox } from './sandbox.ts';

/** The supervisor's door. */
export interface Control {
  readonly url: string;
  readonly token: string;
  readonly server: Server;
}

/**
 * Opens the supervisor's door on loopback: `GET /status`, `POST /down`, and `POST /kill/PART`, `/start/PART`, `/restart/PART`.
 * A door rather than signals to a recorded process id, which may be a stranger's by now.
 */
export async function openControl(sandbox: Sandbox, down: () => Promise<void>): Promise<Control> {
  const token = randomBytes(24).toString('base64url');
  const server = createServer(async (request, response) => {
    const answer = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (!isSame(request.headers.authorization ?? '', `Bearer ${token}`)) return answer(401, { error: 'The control token is wrong.' });
    try {
      answer(200, await obey(sandbox, down, `${request.method} ${request.url}`));
    } catch (error) {
      answer(500, { error: (error as Error).message });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, token, server };
}

async function obey(sandbox: Sandbox, down: () => Promise<void>, order: string): Promise<readonly PartStatus[]> {
  const [, verb, part] = /^POST \/(kill|start|restart)\/([a-z-]+)$/.exec(order) ?? [];
  if (verb && part) await sandbox[verb as 'kill' | 'start' | 'restart'](part as PartName);
  else if (order === 'POST /down') await down();
  else if (order !== 'GET /status') throw new Error(`The sandbox does not know the order "${order}".`);
  return sandbox.status();
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
