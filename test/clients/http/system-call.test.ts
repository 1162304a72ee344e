import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { asActivityFailure } from '../../../activities/failures.ts';
import { Refused, TryLater } from '../../../clients/failures.ts';
import { readAnswer } from '../../../clients/http/read-answer.ts';
import { type System, type SystemCall, systemCall } from '../../../clients/http/system-call.ts';
import { openVendorServer, type VendorServer } from './vendor-server.ts';

const READ: SystemCall = { method: 'GET', path: 'models/churn', needs: 'models.read' };

let server: VendorServer;

beforeEach(async () => {
  server = await openVendorServer();
});

afterEach(() => server.close());

function system(change: Partial<System> = {}): System {
  return {
    name: 'Registry',
    url: server.url,
    authorize: async (refused) => (refused ? null : { authorization: 'Bearer hunter2hunter2' }),
    credentials: 'PARAMEDIC_REGISTRY_TOKEN',
    ...change,
  };
}

const call = (change: Partial<System> = {}, what: Partial<SystemCall> = {}) => systemCall(system(change))({ ...READ, ...what });
const failure = (...asked: Parameters<typeof call>): Promise<Error> =>
  call(...asked).then(
    () => Promise.reject(new Error('It answered.')),
    (error) => error,
  );

describe('a call of an outside system', () => {
  it('sends what it is given, and gives what is answered', async () => {
    server.answer({ body: '{"version":"7"}' });
    const answer = await call({ url: `${server.url}/api/` }, { method: 'POST', query: { page: 'a b' }, body: { name: 'churn' } });
    expect(answer).toEqual({ kind: 'done', body: { version: '7' } });
    expect(server.got).toMatchObject([
      {
        method: 'POST',
        url: '/api/models/churn?page=a+b',
        body: '{"name":"churn"}',
        headers: { authorization: 'Bearer hunter2hunter2', 'content-type': 'application/json' },
      },
    ]);
  });

  it('takes an empty answer for one with nothing in it', async () => {
    server.answer({ status: 204, body: '' });
    expect(await call()).toEqual({ kind: 'done', body: {} });
  });

  it('gives a failure that was expected as an answer', async () => {
    server.answer({ status: 404, body: 'no such model' });
    const expects = ({ status }: { status: number }) => status === 404;
    expect(await call({}, { expects })).toEqual({ kind: 'failed', status: 404, code: '', message: 'no such model' });
  });

  it.each([
    [401, Refused, 'Registry does not know us: check PARAMEDIC_REGISTRY_TOKEN. Registry answers 401 to models/churn: no'],
    [403, Refused, 'Registry does not allow it: models.read is missing. Registry answers 403 to models/churn: no'],
    [400, Refused, 'Registry answers 400 to models/churn: no'],
    [404, Refused, 'Registry answers 404 to models/churn: no'],
    [409, Refused, 'Registry answers 409 to models/churn: no'],
    [429, TryLater, 'Registry answers 429 to models/churn: no'],
    [503, TryLater, 'Registry answers 503 to models/churn: no'],
  ])('is refused, or put off, by %i in a sentence', async (status, kind, message) => {
    server.answer({ status, body: 'no' });
    const error = await failure();
    expect(error).toBeInstanceOf(kind);
    expect(error.message).toBe(message);
  });

  it.each([408, 500, 502, 504])('may be repeated after %i', async (status) => {
    server.answer({ status, body: '<html>' });
    const error = await failure();
    expect(error).not.toBeInstanceOf(Refused);
    expect(error.message).toBe(`Registry answers ${status} to models/churn: <html>`);
  });

  it.each([
    ['7', 7_000],
    ['86400', 300_000],
    ['soon', undefined],
    [null, undefined],
  ])('is repeated by Temporal once the time is over that Retry-After asks for (%s), within bounds', async (text, afterMs) => {
    server.answer({ status: 429, headers: text === null ? {} : { 'retry-after': text }, body: 'slow down' });
    const error = await asActivityFailure(() => call()).catch((one) => one);
    expect(error).toMatchObject({ nonRetryable: false, message: 'Registry answers 429 to models/churn: slow down' });
    expect(error.nextRetryDelay).toBe(afterMs);
  });

  it('takes a date in Retry-After, too', async () => {
    server.answer({ status: 503, headers: { 'retry-after': new Date(Date.now() + 60_000).toUTCString() } });
    const { afterMs } = (await failure()) as TryLater;
    expect(afterMs).toBeGreaterThan(55_000);
    expect(afterMs).toBeLessThanOrEqual(60_000);
  });

  it('is made once more, with what says who we are anew, when that had run out, and no third time', async () => {
    const authorize = async (refused: boolean) => ({ authorization: refused ? 'Bearer new' : 'Bearer old' });
    server.answer({ status: 401 }, { body: '{"ok":true}' });
    expect(await call({ authorize })).toEqual({ kind: 'done', body: { ok: true } });
    server.answer({ status: 401, body: 'who?' });
    expect(await failure({ authorize })).toBeInstanceOf(Refused);
    expect(server.got.map(({ headers }) => headers.authorization)).toEqual(['Bearer old', 'Bearer new', 'Bearer old', 'Bearer new']);
  });

  it('tells of a system that is slow, and of one that is away, by its address and never by a credential (safety 34)', async () => {
    server.answer({ silent: true });
    expect((await failure({ answerMsMax: 50 })).message).toBe(`Registry at ${server.url} did not answer within 0.05 s.`);
    const away = await failure({ url: 'http://127.0.0.1:1' });
    expect(away.message).toMatch(/^Cannot reach Registry at http:\/\/127\.0\.0\.1:1: /);
    expect(`${away.message}${away.stack}`).not.toContain('hunter2');
  });

  it('takes no page for an answer, as a proxy sends one that asks for a login', async () => {
    server.answer({ body: '<html>Log in</html>' });
    expect((await failure()).message).toBe('Registry answers to models/churn with what is no JSON; a proxy before it may ask for a login.');
  });

  it('follows no redirection, which could lead the credential elsewhere (safety 33)', async () => {
    server.answer({ status: 302, headers: { location: 'http://127.0.0.1:1/' } });
    expect((await failure()).message).toMatch(/^Cannot reach Registry/);
    expect(server.got).toHaveLength(1);
  });

  it('strikes secrets out of what a system says (safety 34)', async () => {
    server.answer({ status: 400, body: 'bad password=hunter2hunter2' });
    expect((await failure()).message).not.toContain('hunter2');
  });
});

describe('readAnswer()', () => {
  it('names the field that is not as it should be', () => {
    const read = () =>
      readAnswer(z.object({ versions: z.array(z.object({ version: z.string() })) }), { versions: [{}] }, 'The list of "churn"');
    expect(read).toThrow(
      'The list of "churn" cannot be understood: versions.0.version: Invalid input: expected string, received undefined',
    );
  });
});
