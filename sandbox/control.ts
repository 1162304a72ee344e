import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PartName } from './parts/part.ts';
import type { Sandbox } from './sandbox.ts';

/** The supervisor's door. */
export interface Control {
  readonly url: string;
  readonly token: string;
  /** Called after each order that changed which servers run. */
  changed: () => Promise<void>;
  close(): void;
}

/**
 * Opens the supervisor's door on loopback: `GET /status`, `POST /down`, and `POST /kill/PART`, `/start/PART`, `/restart/PART`.
 * A door rather than signals to a recorded process id, which may be a stranger's by now.
 * @param sandbox null while it is coming up
 */
export async function openControl(sandbox: () => Sandbox | null, down: () => void): Promise<Control> {
  const token = randomBytes(24).toString('base64url');
  const server = createServer(async (request, response) => {
    const answer = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (!isSame(request.headers.authorization ?? '', `Bearer ${token}`)) return answer(401, { error: 'The control token is wrong.' });
    try {
      const order = `${request.method} ${request.url}`;
      if (order === 'POST /down') down();
      else if (order !== 'GET /status') await obey(sandbox(), order).finally(control.changed);
      answer(200, sandbox()?.status() ?? []);
    } catch (error) {
      answer(409, { error: (error as Error).message });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const control: Control = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token,
    changed: async () => {},
    close: () => server.close(),
  };
  return control;
}

async function obey(sandbox: Sandbox | null, order: string): Promise<void> {
  const [, verb, part] = /^POST \/(kill|start|restart)\/([a-z-]+)$/.exec(order) ?? [];
  if (!verb || !part) throw new Error(`The sandbox does not know the order "${order}".`);
  if (sandbox === null) throw new Error(`Cannot ${verb} ${part}: the sandbox is still coming up.`);
  await sandbox[verb as 'kill' | 'start' | 'restart'](part as PartName);
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
