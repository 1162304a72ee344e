import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { scopeOf, withLease } from '../../../guards/ledger/leases.ts';
import { targetLock } from '../../../guards/reach/target-lock.ts';
import { type Target, targetText } from '../../../incident/target.ts';
import { asked, ledger, NOW, object, request, surroundings } from '../asked.ts';

const hold = (targets: readonly string[], run = 'run-9') => ({ incident: 'outOfMemory-x', run, targets, sinceMs: NOW });
const related = (...names: string[]) => surroundings({ object: object({ related: names }) });

describe('target-lock', () => {
  it('refuses while another incident acts on the target, says which, and looks again (safety 2)', () => {
    expect(targetLock(asked({ ledger: { holds: [hold(['ml/Deployment/ranker'])] } }))).toEqual({
      ...{ kind: 'refused', guard: 'target-lock', retryAtMs: NOW + 10_000 },
      reason: 'outOfMemory-x acts on ml/Deployment/ranker; only one incident may at a time.',
    });
  });

  it('covers what owns the target and what it owns, and names what is shared (safety 2)', () => {
    const holds = [hold(['ml/Deployment/other', 'ml/InferenceService/churn'])];
    const seen = related('ml/Deployment/a', 'ml/InferenceService/churn');
    expect(targetLock(asked({ request: { surroundings: seen }, ledger: { holds } }))?.reason).toMatch(
      /acts on ml\/InferenceService\/churn;/,
    );
    expect(targetLock(asked({ request: { surroundings: related('ml/Deployment/a') }, ledger: { holds } }))).toBeNull();
  });

  it('lets an incident go on that holds the target itself, but not another run of its name (safety 2)', () => {
    const own = { ...hold(['ml/Deployment/ranker']), incident: 'podCrash-ranker' };
    expect(targetLock(asked({ ledger: { holds: [{ ...own, run: 'run-1' }] } }))).toBeNull();
    expect(targetLock(asked({ ledger: { holds: [{ ...own, run: 'run-0' }] } }))).not.toBeNull();
  });

  it('finds the one hold that matters among many, and none among none', () => {
    const holds = [hold(['ml/Deployment/a']), hold([]), hold(['ml/Deployment/ranker'])];
    expect(targetLock(asked({ ledger: { holds } }))).not.toBeNull();
    expect(targetLock(asked({ ledger: { holds: [] } }))).toBeNull();
  });

  it('takes a hold on nothing for a hold on nothing (safety 10)', () => {
    expect(targetLock(asked({ ledger: { holds: [hold([])] } }))).toBeNull();
  });

  it('never lets two incidents hold one thing, over any owners, in any order (safety 2)', () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    // Who owns whom: each may have an owner that stands before it.
    const owners = fc.tuple(...names.map((_, index) => fc.option(fc.nat({ max: Math.max(0, index - 1) }), { nil: null })));
    const asking = fc.array(fc.record({ who: fc.nat({ max: 6 }), what: fc.nat({ max: names.length - 1 }) }), { maxLength: 20 });
    fc.assert(
      fc.property(owners, asking, (ownerOf, questions) => {
        let record = ledger();
        const heldBy = new Map<string, number>();
        for (const { who, what } of questions) {
          const target: Target = { cluster: 'prod', namespace: 'ml', kind: 'Deployment', name: names[what]! };
          const line = familyOf(ownerOf, what);
          const seen = related(...line.map((one) => targetText({ ...target, name: names[one]! })));
          const asks = request({ target, surroundings: seen, incident: `incident-${who}`, id: `${who}-${what}` });
          const others = scopeOf(asks).filter((one) => heldBy.has(one) && heldBy.get(one) !== who);
          const refusal = targetLock({ request: asks, ledger: record, nowMs: NOW });
          expect(refusal !== null).toBe(others.length > 0);
          if (refusal) continue;
          record = withLease(record, asks);
          for (const one of scopeOf(asks)) heldBy.set(one, who);
        }
        const held = record.holds.flatMap(({ targets }) => targets);
        expect(new Set(held).size).toBe(held.length);
      }),
    );
  });
});

/** All above and below in the line of owners, without itself. */
function familyOf(ownerOf: readonly (number | null)[], what: number): number[] {
  const above = (one: number): number[] => {
    const owner = ownerOf[one];
    return owner === null || owner === undefined || owner === one ? [] : [owner, ...above(owner)];
  };
  const below = ownerOf.flatMap((_, one) => (above(one).includes(what) ? one : []));
  return [...above(what), ...below];
}
