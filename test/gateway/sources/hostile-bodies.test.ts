import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { subjectOf } from '../../../gateway/resolve-target.ts';
import { OPEN } from '../../../gateway/sources/locks/lock.ts';
import type { Reading } from '../../../gateway/sources/source.ts';
import { reading, SOURCES, WORDS, type Word } from './all-sources.ts';
import { openStage, postRaw, type Stage } from './stage.ts';

/** Values that parsers have stumbled over elsewhere. */
const nasty = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -0,
    -1,
    1e308,
    2 ** 53,
    '',
    ' ',
    '\u0000',
    '\ud800',
    '\udfff\ud800',
    '\u202e',
    '$(id)',
    '__proto__',
  ),
  fc.constantFrom<unknown>(
    [],
    {},
    [[]],
    [null],
    { length: 1 },
    'x'.repeat(100_000),
    '9'.repeat(400),
    'NaN',
    '1e999',
    '../../etc',
    '{{7*7}}',
  ),
  fc.string({ unit: 'binary' }),
  fc.jsonValue({ maxDepth: 4 }),
);
const name = fc.oneof(fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'namespace', 'pod', '', '\ud800'), fc.string());

/** Texts over which a regular expression that goes back and forth would need hours. */
const LONG = ['a: ', 'a=,', 'alertname=a', '[a[', ' [', 'http://x/?g0.expr=< ', 'http://x/?g0.expr=1', '2026-01-01T ', '%', ','].map(
  (text) => `${text}${text.at(-1)!.repeat(200_000)}\u0001`,
);

/** A documented sample of which some values, anywhere in it, are others, are gone, or have others beside them. */
function mutated(sample: unknown): fc.Arbitrary<unknown> {
  const places = placesIn(sample, []);
  const change = fc.record({
    at: fc.constantFrom(...places),
    how: fc.constantFrom('replace', 'drop', 'add'),
    value: nasty,
    name,
  });
  return fc.array(change, { minLength: 1, maxLength: 4 }).map((changes) => changes.reduce(changed, structuredClone(sample)));
}

type Change = { readonly at: readonly string[]; readonly how: string; readonly value: unknown; readonly name: string };

function changed(sample: unknown, { at, how, value: given, name }: Change): unknown {
  // What is put in here must not be changed where it stands elsewhere.
  const value = structuredClone(given);
  if (at.length === 0) return how === 'drop' ? undefined : value;
  const last = at.at(-1)!;
  let parent = sample;
  for (const key of at.slice(0, -1)) parent = (parent as Record<string, unknown> | undefined | null)?.[key];
  if (typeof parent !== 'object' || parent === null) return sample;
  if (how === 'drop') Reflect.deleteProperty(parent, last);
  else Object.defineProperty(parent, how === 'add' ? name : last, { value, enumerable: true, configurable: true, writable: true });
  return sample;
}

function placesIn(value: unknown, at: readonly string[]): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([key, one]) => placesIn(one, [...at, key]))];
}

/** What must be true of whatever a source reads in whatever it is sent. */
function expectSound(read: Reading): void {
  if (read.kind === 'nothing') {
    expect(read.reason).not.toBe('');
    return;
  }
  if (read.kind === 'fault') {
    expect(read.fault).toMatch(/^[^\n]{10,2000}\.$/su);
    return;
  }
  for (const alert of read.alerts) {
    expect(['firing', 'resolved']).toContain(alert.status);
    expect(alert.fingerprint).toMatch(/^[0-9a-f]{0,64}$/);
    expect(alert.name.length).toBeLessThanOrEqual(1_000);
    if (alert.startsAt !== undefined) expect(new Date(alert.startsAt).toISOString()).toBe(alert.startsAt);
    for (const texts of [alert.labels, alert.annotations]) {
      const all = Object.entries(texts);
      expect(all.length).toBeLessThanOrEqual(100);
      // A plain object, of whichever realm.
      expect(Object.getPrototypeOf(Object.getPrototypeOf(texts))).toBeNull();
      for (const [label, text] of all) {
        expect(['__proto__', 'constructor', 'prototype', '']).not.toContain(label);
        expect(label.length).toBeLessThanOrEqual(200);
        expect(typeof text).toBe('string');
        expect(text.length).toBeLessThanOrEqual(1_000);
        expect(label.isWellFormed() && text.isWellFormed()).toBe(true);
      }
    }
    subjectOf(alert);
  }
}

const RUNS = { numRuns: 300 };

describe.each(WORDS)('whatever is sent as if by %s', (word) => {
  const { sample } = SOURCES[word];

  it('as bytes is read or said to be wrong, and never throws (safety 33)', async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.string({ unit: 'binary' }).map((text) => new TextEncoder().encode(text)),
    );
    await fc.assert(
      fc.asyncProperty(bytes, async (some) => expectSound(await reading(word, Buffer.from(some)))),
      RUNS,
    );
  });

  it('as JSON is read or said to be wrong, and never throws (safety 33)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(nasty, fc.jsonValue()), async (json) => expectSound(await reading(word, json ?? null))),
      RUNS,
    );
  });

  it('as its own form with anything in it is an alert of bounded texts, or said to be wrong (safety 33)', async () => {
    await fc.assert(
      fc.asyncProperty(mutated(sample), async (json) => expectSound(await reading(word, json ?? null))),
      { numRuns: 600 },
    );
  });

  it('cut off anywhere is said to be wrong', async () => {
    const whole = Buffer.from(JSON.stringify(sample));
    for (let length = 0; length < whole.length; length += 7)
      expect(await reading(word, whole.subarray(0, length))).toMatchObject({ kind: 'fault' });
  });

  it('is read at once, however long a text stands anywhere in it', async () => {
    for (const at of placesIn(sample, []))
      for (const value of LONG) {
        const begunMs = performance.now();
        expectSound(await reading(word, changed(structuredClone(sample), { at, how: 'replace', value, name: '' })));
        // Against hanging: it takes some milliseconds, and would take minutes.
        expect(performance.now() - begunMs).toBeLessThan(10_000);
      }
  });

  it('leaves every object as it was (safety 33)', async () => {
    const text = JSON.stringify(sample).replaceAll('{', '{"__proto__":{"polluted":"yes","namespace":"kube-system","status":"firing"},');
    expectSound(await reading(word, Buffer.from(text)));
    expect(({} as { polluted?: string }).polluted).toBeUndefined();
  });
});

describe('through the gateway itself', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(Object.fromEntries(WORDS.map((word) => [word, SOURCES[word].open(OPEN)])));
  });
  afterAll(() => stage.close());

  const headersOf = (word: Word) =>
    Object.entries(SOURCES[word].headers).flatMap(([header, [value]]: [string, string[]]) => [header, value!]);

  it.each(WORDS)('%s with anything in it is answered with 200 or a 4xx that says why, and never with a 5xx', async (word) => {
    const bodies = fc.oneof(
      mutated(SOURCES[word].sample).map((json) => JSON.stringify(json ?? null)),
      fc.string({ unit: 'binary' }),
    );
    await fc.assert(
      fc.asyncProperty(bodies, async (body) => {
        const { code, body: answer } = await stage.post(`/alerts/${word}`, headersOf(word), body);
        if (code === 200) return;
        expect(code).toBe(400);
        expect(answer.error).toMatch(/.{10,}/);
      }),
      { numRuns: 60 },
    );
    expect(stage.logged).not.toContainEqual(expect.objectContaining({ message: 'A request failed unexpectedly.' }));
  });

  const json = JSON.stringify(SOURCES.cloudevents.sample);
  const written = (headers: string, body = json) =>
    `POST /alerts/cloudevents HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${headers}\r\n\r\n${body}`;
  const length = `Content-Length: ${json.length}`;

  it.each([
    ['an attribute twice', written(`${length}\r\nce-specversion: 1.0\r\nce-id: a\r\nce-id: b`), 400],
    ['the content type twice', written(`${length}\r\nContent-Type: a/b\r\nContent-Type: application/cloudevents+json`), 400],
    ['a compressed body', written(`${length}\r\nContent-Encoding: gzip\r\nContent-Type: application/cloudevents+json`), 415],
    ['two lengths', written(`${length}\r\nContent-Length: 1`), 400],
    ['a length that is none', written('Content-Length: -1'), 400],
    ['a length of more than is taken', written('Content-Length: 1048577'), 413],
    ['a header with no name', written(`${length}\r\n: x`), 400],
    ['an attribute named like a prototype', written(`${length}\r\nce-__proto__: x\r\nce-specversion: 1.0`), 400],
  ])('a request with %s is refused', async (_what, text, code) => {
    expect(await postRaw(stage.port, text)).toMatch(new RegExp(`^HTTP/1.1 ${code} `));
  });

  it.each(['/alerts/', '/alerts/__proto__', '/alerts/constructor', '/alerts/alertmanager/x', '/alerts/%2e%2e', '/alerts/alertmanager%00'])(
    'there is nothing at %s',
    async (path) => expect((await stage.post(path, [], '{}')).code).toBe(404),
  );
});
