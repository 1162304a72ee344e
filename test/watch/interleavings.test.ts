import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Moment, openLedger, type Place } from '../../watch/ledger.ts';
import type { Symptom } from '../../watch/symptom.ts';

const PODS = ['a', 'b', 'c'] as const;
const BEGAN_MS = Date.parse('2026-11-29T12:00:00Z');
/** Past every time after which something is looked at, tried again or taken to be over. */
const ALL_SETTLED_SECONDS = 1_000;

/** What may happen, in any order. What is `told` is any state that the object ever had, at any time, any number of times, or none of it. */
const happening = fc.oneof(
  fc.record({ kind: fc.constant('truth' as const), pod: fc.constantFrom(...PODS), is: fc.constantFrom('well', 'ill', 'gone') }),
  fc.record({ kind: fc.constant('told' as const), pod: fc.constantFrom(...PODS), of: fc.nat(20) }),
  fc.record({ kind: fc.constant('listed' as const), isCutOff: fc.boolean() }),
  fc.record({ kind: fc.constant('looked' as const), temporalIsAway: fc.boolean() }),
  fc.record({ kind: fc.constant('passed' as const), seconds: fc.integer({ min: 1, max: 400 }) }),
  fc.record({ kind: fc.constant('clockSet' as const), seconds: fc.integer({ min: -90_000, max: 90_000 }) }),
  fc.record({ kind: fc.constant('restarted' as const) }),
);

/** A cluster that may be told of wrongly, and what watches it. */
function world() {
  let elapsed = 50_000;
  let step = 0;
  const truth = new Map<string, Symptom[] | null>(PODS.map((pod) => [pod, []]));
  const history = new Map<string, (Symptom[] | null)[]>(PODS.map((pod) => [pod, [[]]]));
  /** What incidents know of, as Temporal keeps it. */
  const firing = new Set<string>();
  const open = () => openLedger('test', { hold: {}, repeatSeconds: 3_600 });
  let ledger = open();

  const now = (): Moment => ({ serverMs: BEGAN_MS + (elapsed + step) * 1000, elapsedMs: elapsed * 1000 });
  const placeOf = (name: string): Place => ({ kind: 'Pod', namespace: 'ml', name });
  const isIll = (pod: string) => (truth.get(pod) ?? []).length > 0;

  function set(pod: string, is: string): void {
    const symptom: Symptom = { condition: 'KubePodUnschedulable', labels: { pod }, says: '', sinceMs: now().serverMs };
    // What stays ill keeps the time at which it fell ill.
    const state = is === 'gone' ? null : is === 'well' ? [] : isIll(pod) ? truth.get(pod)! : [symptom];
    truth.set(pod, state);
    history.get(pod)!.push(state);
  }

  function told(pod: string, of: number): void {
    const states = history.get(pod)!;
    ledger.see(placeOf(pod), states[of % states.length] ?? [], now());
  }

  function list(isCutOff: boolean): void {
    ledger.beginList('Pod', '');
    for (const pod of isCutOff ? PODS.slice(0, 1) : PODS) {
      const state = truth.get(pod);
      if (state) ledger.see(placeOf(pod), state, now());
    }
    if (!isCutOff) ledger.endList('Pod', '', now());
  }

  function look(temporalIsAway: boolean): void {
    for (const place of ledger.due(now())) {
      for (const toSay of ledger.judge(place, truth.get(place.name) ?? [], now())) {
        if (toSay.status === 'firing') expect(isIll(place.name)).toBe(true);
        if (toSay.status === 'resolved') expect(isIll(place.name)).toBe(false);
        if (temporalIsAway) {
          ledger.failed(place, now());
          break;
        }
        if (toSay.status === 'firing') firing.add(toSay.fingerprint);
        else firing.delete(toSay.fingerprint);
        ledger.said(place, toSay, now());
      }
    }
    for (const fingerprint of ledger.orphaned(now())) {
      firing.delete(fingerprint);
      ledger.forgetOrphan(fingerprint);
    }
  }

  return {
    set,
    told,
    list,
    look,
    pass(seconds: number) {
      elapsed += seconds;
    },
    setClock(seconds: number) {
      step = seconds;
    },
    restart() {
      ledger = open();
      list(false);
      ledger.inherit([...firing], now());
    },
    firing: () => firing.size,
    counts: () => ledger.counts(),
    ill: () => PODS.filter(isIll).length,
  };
}

describe('a watch that is told too late, too often, out of order, or not at all', () => {
  it('never says of anything that it is ill, or over, that is not so when looked at; and after a list it has said exactly what is (safety 20, 22, 25)', () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 60, size: 'max' }), (happenings) => {
        const cluster = world();
        for (const one of happenings) {
          if (one.kind === 'truth') cluster.set(one.pod, one.is);
          else if (one.kind === 'told') cluster.told(one.pod, one.of);
          else if (one.kind === 'listed') cluster.list(one.isCutOff);
          else if (one.kind === 'looked') cluster.look(one.temporalIsAway);
          else if (one.kind === 'passed') cluster.pass(one.seconds);
          else if (one.kind === 'clockSet') cluster.setClock(one.seconds);
          else cluster.restart();
        }
        for (let rounds = 0; rounds < 3; rounds++) {
          cluster.list(false);
          cluster.pass(ALL_SETTLED_SECONDS);
          cluster.look(false);
        }
        expect({ firing: cluster.firing(), remembered: cluster.counts() }).toEqual({
          firing: cluster.ill(),
          remembered: { objects: cluster.ill(), said: cluster.ill() },
        });
      }),
      { numRuns: 2_000 },
    );
  });
});
