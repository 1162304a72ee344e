import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sendByAny } from '../../activities/channels.ts';
import type { AuditEntry } from '../../incident/audit-entry.ts';
import { freePort } from '../../worker/listen.ts';

const SECRET = 'T0SECRET';
const message = { incident: 'outage/x', key: 'outage/x/r1', body: { reason: 'Why.' } };

let servers: Server[];
let received: { at: string; key: unknown; body: unknown }[];
let audit: { step: string; text: string }[];
let logged: string[];
let counted: string[];

beforeEach(() => {
  [servers, received, audit, logged, counted] = [[], [], [], [], []];
});

afterEach(() =>
  Promise.all(
    servers.map((server) => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    }),
  ),
);

/** A channel that answers so, with a secret in its path. */
async function channel(name: string, code: number, headers: Record<string, string> = {}): Promise<string> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    received.push({ at: name, key: request.headers['idempotency-key'], body: JSON.parse(Buffer.concat(chunks).toString() || 'null') });
    response.writeHead(code, headers).end('an answer that nobody reads');
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks/${SECRET}?token=${SECRET}`;
}

const send = (escalationWebhooks: readonly string[], writeAudit = (entry: AuditEntry) => String(audit.push(entry))) =>
  sendByAny(
    {
      escalationWebhooks,
      writeAudit,
      log: (text, fields) => void logged.push(`${text} ${JSON.stringify(fields)}`),
      count: (kind, result) => void counted.push(`${kind} ${result}`),
    },
    message,
  );

describe('a message to people', () => {
  it('goes to the first channel alone where that takes it (safety 31)', async () => {
    await send([await channel('one', 204), await channel('two', 204)]);
    expect(received).toEqual([{ at: 'one', key: message.key, body: message.body }]);
    expect({ audit, counted }).toEqual({ audit: [], counted: ['webhook told'] });
  });

  it('goes to the next channel where one refuses, redirects or is away, with the same key (safety 31)', async () => {
    const away = `http://127.0.0.1:${await freePort()}/${SECRET}`;
    const moved = await channel('moved', 302, { location: await channel('elsewhere', 200) });
    await send([away, await channel('broken', 500), moved, await channel('last', 200), await channel('never', 200)]);
    expect(received.map(({ at, key }) => ({ at, key }))).toEqual(['broken', 'moved', 'last'].map((at) => ({ at, key: message.key })));
    expect(counted).toEqual(['webhook failed', 'webhook failed', 'webhook failed', 'webhook told']);
    expect(audit.map(({ step, text }) => `${step}: ${text.replaceAll(/:\d+,/g, ',')}`)).toEqual([
      'NotTold: The escalation webhook 1 of 5, at 127.0.0.1, cannot be reached: nothing listens there (connection refused).',
      'NotTold: The escalation webhook 2 of 5, at 127.0.0.1, answered 500; expected 2xx.',
      'NotTold: The escalation webhook 3 of 5, at 127.0.0.1, answered 302; expected 2xx.',
    ]);
    expect(logged).toHaveLength(3);
  });

  it('that no channel takes fails with every reason, so that it is sent again, and tells no secret of a URL (safety 31)', async () => {
    const urls = [await channel('one', 503), `http://127.0.0.1:${await freePort()}/${SECRET}`];
    const failure = await send(urls).then(
      () => 'taken',
      (error: Error) => error.message,
    );
    expect(failure).toMatch(
      /^No channel took the message\. .* answered 503; expected 2xx\. .* nothing listens there \(connection refused\)\.$/,
    );
    expect(counted).toEqual(['webhook untold', 'webhook untold']);
    expect(JSON.stringify([failure, audit, logged])).not.toContain(SECRET);
  });

  it('is sent on also where the audit log cannot be written (safety 31)', async () => {
    await send([await channel('one', 500), await channel('two', 200)], () => {
      throw new Error('ENOSPC');
    });
    expect(received.map(({ at }) => at)).toEqual(['one', 'two']);
    expect(logged.at(-1)).toContain('ENOSPC');
  });
});
