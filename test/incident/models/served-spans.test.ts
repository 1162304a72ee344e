import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { SeenServing } from '../../../incident/model-record.ts';
import { emptyRecord, type KeptRecord } from '../../../incident/models/kept-record.ts';
import { learn, type ModelFact } from '../../../incident/models/model-facts.ts';
import { SILENCE_MAX_MS, serversOf } from '../../../incident/models/served-spans.ts';

const SERVER = 'ml/InferenceService/churn';
const span = (fromMs: number, untilMs: number, change: Partial<SeenServing> = {}): SeenServing => ({
  ...{ server: SERVER, address: 's3://models/churn/1', version: '1', settings: {}, fromMs, untilMs },
  ...change,
});
const healthy = (...given: Parameters<typeof span>): ModelFact => ({ kind: 'healthy', seen: span(...given) });
const ill = (atMs: number, server = SERVER): ModelFact => ({ kind: 'unhealthy', server, atMs });
const learned = (...facts: readonly ModelFact[]): KeptRecord => facts.reduce(learn, emptyRecord('churn', 'mlflow'));
const spans = (...facts: readonly ModelFact[]) => learned(...facts).seen.map(({ fromMs, untilMs }) => [fromMs, untilMs]);
const second = { address: 's3://models/churn/2', version: '2' };

const SHORT = SILENCE_MAX_MS;
const LONG = SILENCE_MAX_MS + 1;

describe('a span of health', () => {
  it('goes on where somebody looked again soon enough, and is told with all that was learned of its version', () => {
    expect(learned(healthy(0, 10, { version: null }), healthy(10 + SHORT, 20 + SHORT)).seen).toEqual([span(0, 20 + SHORT)]);
    expect(learned(healthy(0, 10), healthy(0, 20, { version: null })).seen).toEqual([span(0, 20)]);
  });

  it('ends where nobody looked for too long: silence is not health (safety 22)', () => {
    expect(spans(healthy(0, 100), healthy(100 + LONG, 110 + LONG))).toEqual([
      [100 + LONG, 110 + LONG],
      [0, 100],
    ]);
  });

  it('ends where the server was seen ill, also where both are told late (safety 19)', () => {
    expect(spans(healthy(0, 10), ill(15), healthy(20, 29))).toEqual([
      [20, 29],
      [0, 10],
    ]);
    expect(spans(healthy(0, 30), ill(15))).toEqual([[15, 30]]);
    expect(spans(ill(15), healthy(0, 30))).toEqual([[15, 30]]);
    expect(spans(ill(15), healthy(0, 10))).toEqual([]);
  });

  it('ends with another version, and begins anew with the first one', () => {
    expect(spans(healthy(0, 10), healthy(11, 20, second), healthy(21, 30))).toEqual([
      [21, 30],
      [11, 20],
      [0, 10],
    ]);
  });

  it('is the server’s own: another one that is ill ends nothing', () => {
    expect(spans(healthy(0, 10), ill(15, 'ml/InferenceService/other'), healthy(20, 30))).toEqual([[0, 30]]);
  });

  it('of a good version is not pushed out by a server that flaps with a bad one', () => {
    const flapping = Array.from({ length: 50 }, (_, n) => [
      healthy(2_000_000 + n * 10, 2_000_005 + n * 10, second),
      ill(2_000_006 + n * 10),
    ]);
    const { seen } = learned(healthy(0, 1_000_000), ...flapping.flat());
    expect(seen).toContainEqual(span(0, 1_000_000));
    expect(seen.length).toBeLessThanOrEqual(3);
  });

  it('never reaches across what was seen ill, nor further than what was told, whatever comes in whatever order (safety 19, 22)', () => {
    const time = fc.integer({ min: 0, max: 40 }).map((steps) => steps * (SILENCE_MAX_MS / 4));
    const server = fc.constantFrom('a', 'b');
    const facts = fc.array(
      fc.oneof(
        fc
          .tuple(time, time, server, fc.constantFrom('1', '2', '3', '4'))
          .map(([one, other, of, version]) =>
            healthy(Math.min(one, other), Math.max(one, other), { server: of, version, address: version }),
          ),
        fc.tuple(time, server).map(([atMs, of]) => ill(atMs, of)),
      ),
      { maxLength: 40 },
    );
    let seenAtAll = 0;
    fc.assert(
      fc.property(facts, (all) => {
        const { seen } = learned(...all);
        seenAtAll += seen.length;
        for (const one of seen) {
          const told = all.flatMap((fact) =>
            fact.kind === 'healthy' && fact.seen.server === one.server && fact.seen.address === one.address ? [fact.seen] : [],
          );
          const isIllWithin = all.some(
            (fact) => fact.kind === 'unhealthy' && fact.server === one.server && one.fromMs < fact.atMs && fact.atMs < one.untilMs,
          );
          expect(isIllWithin).toBe(false);
          expect(longestSilence(one, told)).toBeLessThanOrEqual(SILENCE_MAX_MS);
        }
        expect(seen.length).toBeLessThanOrEqual(2 * 3 * 2);
      }),
      { numRuns: 2_000 },
    );
    expect(seenAtAll).toBeGreaterThan(3_000);
  });
});

/** The longest time within a span of which nothing was told. */
function longestSilence({ fromMs, untilMs }: SeenServing, told: readonly SeenServing[]): number {
  let [reachedMs, longest] = [fromMs, 0];
  for (const one of [...told].sort((a, b) => a.fromMs - b.fromMs)) {
    if (one.untilMs < fromMs || one.fromMs > untilMs) continue;
    longest = Math.max(longest, one.fromMs - reachedMs);
    reachedMs = Math.max(reachedMs, one.untilMs);
  }
  return Math.max(longest, untilMs - reachedMs);
}

describe('serversOf()', () => {
  it('names who was last seen well with a version, and not who has another since, or is ill', () => {
    const record = learned(
      healthy(0, 10, { server: 'a' }),
      healthy(0, 10, { server: 'b' }),
      healthy(11, 20, { server: 'b', ...second }),
      healthy(0, 10, { server: 'c' }),
      ill(12, 'c'),
    );
    expect(serversOf(record, '1')).toEqual(['a']);
    expect(serversOf(record, '2')).toEqual(['b']);
  });
});
