import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { tellingActivities } from '../../activities/telling.ts';
import type { AuditEntry } from '../../incident/audit-entry.ts';
import type { Escalation } from '../../incident/report.ts';
import type { Target } from '../../incident/target.ts';

const target: Target = { cluster: 'test', namespace: 'ml', kind: 'Deployment', name: 'ranker' };
const escalation: Escalation = {
  incident: 'outage/x',
  run: 'r1',
  target,
  diagnosis: null,
  actions: [],
  reason: 'Why.',
  nextStep: 'Look.',
  commands: [],
  page: '',
};
const entry = { at: '2026-01-01T00:00:00Z', incident: 'outage/x', step: 'Acting' as const, text: 'restart' };

let server: Server;
let url: string;
let code: number;
let received: { key: unknown; body: unknown }[];
let lines: AuditEntry[];
let logged: string[];
let events: string[];

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    received.push({ key: request.headers['idempotency-key'], body: JSON.parse(Buffer.concat(chunks).toString()) });
    response.writeHead(code).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => new Promise((resolve) => server.close(resolve)));

beforeEach(() => {
  code = 204;
  received = [];
  lines = [];
  logged = [];
  events = [];
});

function telling(
  webhook: string | null,
  recordEvent = async (_: Target, reason: string, text: string) => void events.push(`${reason} ${text}`),
) {
  const channels = {
    escalationWebhooks: webhook === null ? [] : [webhook],
    writeAudit(entry: AuditEntry) {
      lines.push(entry);
      return 'its hash';
    },
    log: (message: string) => void logged.push(message),
  };
  return tellingActivities(channels, { recordEvent });
}

describe('an escalation', () => {
  it('reaches the log and the webhook, with a key by which a repetition is known', async () => {
    await telling(url).escalate(escalation);
    expect(received).toEqual([{ key: 'outage/x/r1', body: escalation }]);
    expect(logged).toEqual(['A person is needed.']);
  });

  it('fails, so that it is sent again, when the webhook does not take it', async () => {
    code = 500;
    await expect(telling(url).escalate(escalation)).rejects.toThrow(/^No channel took the message\..* answered 500; expected 2xx\.$/);
  });

  it('goes to the log alone where there is no webhook', async () => {
    await telling(null).escalate(escalation);
    expect(logged).toEqual(['A person is needed.']);
    expect(received).toEqual([]);
  });
});

describe('a question to people', () => {
  it('reaches the log and the webhook, with a key of its own for each plan (safety 31)', async () => {
    const proposal = { id: '1a2b3c4d', plan: 'restart', expiresAt: '2026-01-01T00:30:00Z' };
    const { incident, run, reason, nextStep } = escalation;
    const request = { incident, run, target, diagnosis: null, proposal, reason, nextStep };
    await telling(url).askApproval(request);
    expect(received).toEqual([{ key: 'outage/x/r1/1a2b3c4d', body: request }]);
    expect(logged).toEqual(['A person is asked to approve a plan.']);
  });
});

describe('an audit entry', () => {
  it('is a line and an Event, and its hash comes back, for the history', async () => {
    expect(await telling(null).audit(target, entry)).toBe('its hash');
    expect(lines).toEqual([entry]);
    expect(events).toEqual(['ParamedicActing restart']);
  });

  it('tells no secret, neither in its line nor in its Event (safety 34)', async () => {
    const why = { cause: 'flake', rule: 'r', evidence: ['login with password=hunter2hunter2 failed'] };
    await telling(null).audit(target, { ...entry, text: 'https://ann:hunter2hunter2@db is away', why });
    expect(JSON.stringify([lines, events])).toContain('[redacted]');
    expect(JSON.stringify([lines, events])).not.toContain('hunter2hunter2');
  });

  it('stands as a line also where the Event is refused, and that is told', async () => {
    await telling(null, () => Promise.reject(new Error('forbidden'))).audit(target, entry);
    expect(lines).toHaveLength(1);
    expect(logged).toEqual(['The audit entry could not be written as a Kubernetes Event.']);
  });

  it('fails, so that nothing is done without it, when the line cannot be written (safety 32)', async () => {
    const channels = {
      escalationWebhooks: [],
      log: () => undefined,
      writeAudit: () => {
        throw new Error('ENOSPC');
      },
    };
    await expect(tellingActivities(channels, { recordEvent: async () => undefined }).audit(target, entry)).rejects.toThrow('ENOSPC');
  });
});
