import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EMPTY_LEDGER } from '../../guards/ledger/ledger.ts';
import type { LimitLayer } from '../../guards/limits.ts';
import { ask, hear } from '../../guards/office.ts';
import { DEFAULT_LIMITS } from '../../runbooks/limits.ts';
import { NOW, read, request, surroundings } from './asked.ts';

const DAY_SECONDS = 86_400;
const attempts = { max: 3, backoffFirstSeconds: 30, backoffFactor: 2, backoffMaxSeconds: 600 };
/** Steps of up to an hour, as many as a day takes. */
const day = fc.infiniteStream(fc.integer({ min: 1, max: 3_600_000 })).map((steps) => {
  const times: number[] = [];
  for (let ms = 0; ms < DAY_SECONDS * 1000; ms += steps.next().value) times.push(ms);
  return times;
});

/** When each act was granted: at each time a new incident asks about each target, and what is granted fails at once. */
function actsOf(times: readonly number[], targets: number, limits: readonly LimitLayer[]): number[] {
  let ledger = { ...EMPTY_LEDGER, latestMs: NOW };
  return times.flatMap((ms) =>
    Array.from({ length: targets }, (_, target) => {
      const atMs = NOW + ms;
      const incident = { incident: `of-${target}`, run: `${ms}` };
      const id = `${target}/${ms}`;
      const seen = surroundings({ readAtMs: atMs, apiServerMs: read(atMs) });
      const given = { ...request().target, name: `target-${target}` };
      const answer = ask(ledger, 'cluster', request({ ...incident, id, target: given, attempts, limits, surroundings: seen }), atMs);
      const told = hear(answer.ledger, { kind: 'report', report: { id, outcome: 'failed', actedMs: atMs } }, atMs);
      ledger = hear(told, { kind: 'left', incident, isOver: true }, atMs);
      return answer.permit.kind === 'granted' ? [ms] : [];
    }).flat(),
  );
}

/** So many open it, and then one tries after each rest, which is twice as long each time. */
const boundOf = ({ failures, openSeconds }: { readonly failures: number; readonly openSeconds: number }) =>
  failures + Math.ceil(Math.log2(DAY_SECONDS / openSeconds + 1));

describe('a remedy that always fails, for a day', () => {
  it('is tried on one target no more often than its circuit breaker and its rate allow, whoever asks (safety 14)', () => {
    const { target, breakers } = DEFAULT_LIMITS;
    const byRate = target.max * Math.ceil(DAY_SECONDS / target.perSeconds);
    fc.assert(
      fc.property(day, (times) => {
        const acts = actsOf(times, 1, [{ from: 'the cluster', limits: DEFAULT_LIMITS }]);
        expect(acts.length).toBeGreaterThanOrEqual(breakers.target.failures);
        expect(acts.length).toBeLessThanOrEqual(Math.min(byRate, boundOf(breakers.target)));
      }),
      { numRuns: 30 },
    );
  });

  it('is tried on twenty targets together no more often than its circuit breaker allows on one (safety 14)', () => {
    const { remedy } = DEFAULT_LIMITS.breakers;
    fc.assert(
      fc.property(day, (times) => {
        const acts = actsOf(times, 20, [{ from: 'the cluster', limits: DEFAULT_LIMITS }]);
        expect(acts.length).toBeGreaterThanOrEqual(remedy.failures);
        expect(acts.length).toBeLessThanOrEqual(boundOf(remedy));
      }),
      { numRuns: 15 },
    );
  });

  it('is tried after a longer pause each time, by backoff alone (safety 14)', () => {
    fc.assert(
      fc.property(day, (times) => {
        const acts = actsOf(times, 1, []);
        acts.slice(1).forEach((ms, index) => {
          const pause = Math.min(attempts.backoffMaxSeconds, attempts.backoffFirstSeconds * attempts.backoffFactor ** index);
          expect(ms - acts[index]!).toBeGreaterThanOrEqual(pause * 1000);
        });
        expect(acts.length).toBeGreaterThan(10);
      }),
      { numRuns: 15 },
    );
  });
});

describe('a half-open circuit breaker', () => {
  const breaker = { failures: 1, withinSeconds: 600, openSeconds: 60 };
  const limits = [{ from: 'the cluster', limits: { breakers: { remedy: breaker } } }];
  const asking = (index: number, atMs: number) =>
    request({
      ...{ incident: `of-${index}`, run: 'run-1', id: `${index}`, limits, target: { ...request().target, name: `t-${index}` } },
      surroundings: surroundings({ readAtMs: atMs, apiServerMs: read(atMs) }),
    });

  it('lets exactly one through however many ask, and closing replays nothing that was refused meanwhile (safety 20)', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 500 }), { minLength: 2 }), fc.nat(5_000), (askers, afterMs) => {
        const failed = hear(
          ask(EMPTY_LEDGER, 'cluster', asking(0, NOW), NOW).ledger,
          { kind: 'report', report: { id: '0', outcome: 'failed', actedMs: NOW } },
          NOW,
        );
        const at = (atMs: number, before = failed) => {
          let ledger = before;
          const through = askers.filter((index) => {
            const answer = ask(ledger, 'cluster', asking(index, atMs), atMs);
            ledger = answer.ledger;
            return answer.permit.kind === 'granted';
          });
          return { ledger, through };
        };
        expect(at(NOW + 59_999).through).toEqual([]);
        const half = at(NOW + 60_000 + afterMs);
        expect(half.through).toEqual([askers[0]]);
        const report = { id: `${askers[0]}`, outcome: 'recovered' as const, actedMs: null };
        const closed = hear(half.ledger, { kind: 'report', report }, NOW + 70_000);
        // Whoever was refused is nowhere in it, but in the sentences for people.
        expect(closed.acts.map(({ id }) => id)).toEqual(['0', `${askers[0]}`]);
        expect(closed.holds.map(({ incident }) => incident)).toEqual(['of-0', `of-${askers[0]}`]);
      }),
      { numRuns: 60 },
    );
  });
});
