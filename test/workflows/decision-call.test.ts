import { describe, expect, it } from '@jest/globals';
import { type Asked, readDecision } from '../../workflows/decision-call.ts';

const asked: Asked = { id: '1a2b3c4d', plan: 'restart (a → b)', untilMs: 1_000, expiresAt: '1970-01-01T00:00:01.000Z', decision: null };
const call = { plan: '1a2b3c4d', decision: 'approve', by: 'anna' };

describe('a decision', () => {
  it('is taken until its time is up, and not from then on (safety 29)', () => {
    expect(readDecision({ ...call, reason: ' go ' }, asked, 999)).toEqual({ decision: 'approve', by: 'anna', reason: 'go' });
    expect(() => readDecision(call, asked, 1_000)).toThrow('Plan 1a2b3c4d could be decided on until 1970-01-01T00:00:01.000Z.');
  });

  it('is taken once (safety 29)', () => {
    const decided: Asked = { ...asked, decision: { decision: 'decline', by: 'ben', reason: '' } };
    expect(() => readDecision(call, decided, 0)).toThrow('Plan 1a2b3c4d is decided: decline by ben.');
  });

  it.each<[unknown, RegExp]>([
    [undefined, /must be \{"plan"/],
    [[call], /must be \{"plan"/],
    [{ ...call, force: true }, /Cannot understand "force"/],
    [{ ...call, decision: undefined }, /must be "approve" or "decline"/],
    [{ ...call, decision: 'Approve' }, /must be "approve" or "decline"/],
    [{ ...call, by: undefined }, /"by" must name the person/],
    [{ ...call, by: ' \u3000' }, /"by" must name the person/],
    [{ ...call, by: 7 }, /Cannot understand "by"/],
    [{ ...call, by: 'anna\nben' }, /Cannot understand "by"/],
    [{ ...call, by: 'x'.repeat(301) }, /Cannot understand "by"/],
    [{ ...call, reason: {} }, /Cannot understand "reason"/],
    [{ ...call, by: 'paramedic-worker' }, /Paramedic does not decide/],
    [{ ...call, by: ' ＰＡＲＡＭＥＤＩＣ' }, /Paramedic does not decide/],
    [{ ...call, plan: undefined }, /Plan undefined is not asked about now; it is 1a2b3c4d: restart \(a → b\)\./],
    [{ ...call, plan: '1A2B3C4D' }, /is not asked about now/],
    [{ ...call, plan: ['1a2b3c4d'] }, /is not asked about now/],
  ])('that says %j is refused (safety 29)', (given, why) => {
    expect(() => readDecision(given, asked, 0)).toThrow(why);
  });

  it('is refused where nothing is asked (safety 29)', () => {
    expect(() => readDecision(call, null, 0)).toThrow('Nothing is asked of anybody now.');
  });

  it('may come from a person whose name only begins alike', () => {
    expect(readDecision({ ...call, by: 'paramedics-of-berlin' }, asked, 0).by).toBe('paramedics-of-berlin');
  });
});
