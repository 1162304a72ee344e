import { describe, expect, it } from '@jest/globals';
import type { Act } from '../../../guards/ledger/ledger.ts';
import { rollbackDepth } from '../../../guards/repetition/rollback-depth.ts';
import type { Rollback } from '../../../incident/rollback.ts';
import { act, asked, NOW } from '../asked.ts';

const SUBJECT = 'ml/Deployment/ranker';
const back = (from: string, to: string, change: Partial<Rollback> = {}): Rollback => ({
  ...{ subject: SUBJECT, from, to, toIsQuarantined: false },
  ...change,
});
const done = (from: string, to: string, outcome: Act['outcome'] = 'ineffective') => act({ outcome, rollback: back(from, to) });
const judge = (rollback: Rollback | null, acts: readonly Act[] = [], max: number | null = 2) =>
  rollbackDepth(
    asked({
      request: { rollback, limits: max === null ? [] : [{ from: 'the cluster', limits: { rollbackDepth: max } }] },
      ledger: { acts },
    }),
  );
const refusal = (reason: string) => ({ kind: 'refused', guard: 'rollback-depth', reason, retryAtMs: null });

describe('the rollback depth', () => {
  it('is no matter of a plan that goes back to nothing', () => {
    expect(judge(null, [done('4', '3')], 0)).toBeNull();
  });

  it('lets nothing go to a quarantined version (safety 12)', () => {
    expect(judge(back('4', '3', { toIsQuarantined: true }))).toEqual(refusal(`3 of ${SUBJECT} is quarantined.`));
  });

  it('never lets a version come back that was taken back, however it ended: A→B→A (safety 12)', () => {
    const text = `${SUBJECT} was taken back from 4 before; going there again would be going in circles.`;
    for (const outcome of ['recovered', 'failed', null] as const)
      expect(judge(back('3', '4'), [done('4', '3', outcome)], 10)).toEqual(refusal(text));
  });

  it('takes the same release back once: brought again after a cure, it is a person’s (safety 12)', () => {
    const text = `${SUBJECT} was taken back from 4 before, and somebody brought it again: that is theirs to settle.`;
    expect(judge(back('4', '3'), [done('4', '3', 'recovered')], 10)).toEqual(refusal(text));
    expect(judge(back('6', '5'), [done('4', '3', 'recovered')], 10)).toBeNull();
  });

  it('may try again from where an earlier try did not succeed', () => {
    expect(judge(back('4', '2'), [done('4', '3', 'failed')], 1)).toBeNull();
  });

  it('goes never back where the limit is nought', () => {
    expect(judge(back('4', '3'), [], 0)).toEqual(refusal(`${SUBJECT} may not be taken back (limit 0 of the cluster).`));
  });

  it('goes back once where the limit is one, and not further (safety 12)', () => {
    expect(judge(back('4', '3'), [], 1)).toBeNull();
    expect(judge(back('3', '2'), [done('4', '3')], 1)).toEqual(
      refusal(`${SUBJECT} was already taken back 1 deep since a person last moved it forward (limit 1 of the cluster).`),
    );
  });

  it('counts a row of steps, each from where the one before it went', () => {
    const acts = [done('5', '4'), done('4', '3')];
    expect(judge(back('3', '2'), acts, 3)).toBeNull();
    expect(judge(back('3', '2'), acts, 2)?.reason).toContain('already taken back 2 deep');
  });

  it('begins anew with a version that a person brought', () => {
    expect(judge(back('6', '5'), [done('4', '3'), done('3', '2')], 1)).toBeNull();
  });

  it('finds its way past steps of a row that lie between', () => {
    const acts = [done('5', '4'), done('9', '8'), done('4', '3')];
    expect(judge(back('3', '2'), acts, 2)?.reason).toContain('2 deep');
  });

  it('counts from the last promotion by a person on, and nothing from one that is yet to come (safety 12, 25)', () => {
    const acts = [done('5', '4'), done('4', '3')];
    const since = (promotedMs: number | null) => judge(back('3', '2', { promotedMs }), acts, 2);
    const { grantedMs } = acts[0]!;
    expect(since(grantedMs)).toBeNull();
    expect(since(grantedMs - 1)?.reason).toContain('2 deep');
    expect(since(null)?.reason).toContain('2 deep');
    expect(since(NOW)).toBeNull();
    expect(since(NOW + 1)?.reason).toContain('2 deep');
    expect(since(Number.NaN)?.reason).toContain('2 deep');
  });

  it('knows circles whatever a person has promoted since', () => {
    expect(judge(back('3', '4', { promotedMs: NOW }), [done('4', '3')], 10)?.reason).toContain('going in circles');
    expect(judge(back('4', '3', { promotedMs: NOW }), [done('4', '3', 'recovered')], 10)?.reason).toContain('somebody brought it again');
  });

  it('counts neither other subjects nor permits that were not used', () => {
    const other = act({ rollback: back('4', '3', { subject: 'model churn' }) });
    expect(judge(back('3', '4'), [other, done('4', '3', 'unused'), act()], 1)).toBeNull();
    expect(judge(back('3', '2'), [other, done('4', '3', 'unused'), act()], 1)).toBeNull();
  });

  it.each([Number.NaN, 1.5, -1])('refuses under a limit of %p', (max) => {
    expect(judge(back('4', '3'), [], max)).toEqual(refusal(`${SUBJECT} may not be taken back (limit ${max} of the cluster).`));
  });

  it('still knows circles where no layer gives a depth', () => {
    expect(judge(back('2', '1'), [done('4', '3'), done('3', '2')], null)).toBeNull();
    expect(judge(back('3', '4'), [done('4', '3')], null)).not.toBeNull();
  });
});
