import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { differences } from './compare.ts';
import { type Recorded, type Recorder, record, type Trouble } from './recorder.ts';

const asked = (change: Partial<Recorded> = {}): Recorded => ({
  method: 'POST',
  path: '/models.get',
  query: {},
  body: { name: 'churn', page: 1 },
  scheme: 'Bearer',
  ...change,
});
const steps = (...requests: readonly Recorded[]) => new Map([['read', requests]]);

describe('differences()', () => {
  it('finds none in the order of keys, in keys that hold nothing, and in how an answer is to be written', () => {
    const theirs = asked({ body: { page: 1, tags: null, name: 'churn' }, query: { $alt: 'json;enum-encoding=int' } });
    expect(differences(steps(asked()), steps(theirs))).toEqual([]);
  });

  it('lets the vendor ask for more, before, between and after', () => {
    const [first, second, more] = [asked(), asked({ path: '/models.edit' }), asked({ path: '/viewer' })];
    expect(differences(steps(first, second), steps(more, first, more, second, more))).toEqual([]);
  });

  it.each<[string, Partial<Recorded>]>([
    ['method', { method: 'PUT' }],
    ['path', { path: '/models.edit' }],
    ['query', { query: { page: '2' } }],
    ['body', { body: { name: 'churn', page: 2 } }],
    ['field that the vendor does not send', { body: { name: 'churn', page: 1, force: false } }],
    ['way to say who asks', { scheme: 'Basic' }],
  ])('finds another %s', (_what, change) => {
    expect(differences(steps(asked(change)), steps(asked()))).toEqual([{ step: 'read', ours: asked(change), theirs: [asked()] }]);
  });

  it('finds another order, what is asked twice, and a step that one of the two does not have', () => {
    const [first, second] = [asked(), asked({ path: '/models.edit' })];
    expect(differences(steps(second, first), steps(first, second))).toHaveLength(1);
    expect(differences(steps(first, first), steps(first))).toHaveLength(1);
    expect(differences(new Map(), steps(first))).toEqual([{ step: 'read', ours: null, theirs: [first] }]);
    expect(differences(steps(first), new Map())).toHaveLength(1);
  });
});

describe('record()', () => {
  let server: Recorder;
  beforeAll(async () => {
    server = await record(({ path }) => ({ body: { path } }));
  });
  afterAll(() => server.close());

  const ask = (path: string, init: RequestInit = {}) => fetch(`${server.url}${path}`, init);

  it('keeps what was asked, by the step that either side says, and never what proves who asks', async () => {
    server.begin();
    await ask('/viewer');
    await ask('/step/read', { method: 'POST' });
    await ask('/a%20b?page=1', { method: 'PUT', body: '{"name":"churn"}', headers: { authorization: 'Bearer hush' } });
    server.step('write');
    await ask('/c', { method: 'POST', body: 'plain' });
    expect([...server.steps]).toEqual([
      ['', [{ method: 'GET', path: '/viewer', query: {}, body: null, scheme: null }]],
      ['read', [{ method: 'PUT', path: '/a b', query: { page: '1' }, body: { name: 'churn' }, scheme: 'Bearer' }]],
      ['write', [{ method: 'POST', path: '/c', query: {}, body: 'plain', scheme: null }]],
    ]);
  });

  it.each<[string, Trouble, (asked: () => Promise<Response>) => Promise<unknown>]>([
    ['down', { kind: 'down' }, (asked) => expect(asked()).rejects.toThrow('fetch failed')],
    ['malformed', { kind: 'malformed' }, async (asked) => expect(await (await asked()).text()).toContain('<html>')],
    [
      'failing',
      { kind: 'failing', status: 429, body: {}, headers: { 'retry-after': '7' } },
      async (asked) => expect((await asked()).headers.get('retry-after')).toBe('7'),
    ],
  ])('is %s for what the test picks, until that is ended', async (_name, trouble, isSo) => {
    server.suffer(trouble, ({ path }) => path === '/hit');
    expect(await (await ask('/other')).json()).toEqual({ path: '/other' });
    await isSo(() => ask('/hit'));
    server.suffer(null);
    expect(await (await ask('/hit')).json()).toEqual({ path: '/hit' });
  });

  it('answers nothing while it is slow', async () => {
    server.suffer({ kind: 'slow' });
    await expect(ask('/hit', { signal: AbortSignal.timeout(50) })).rejects.toThrow('timeout');
    server.suffer(null);
  });
});
