import { describe, expect, it } from '@jest/globals';
import type { ApprovalRules } from '../../guards/people/approvers.ts';
import { type Asked, readDecision, whyRefused } from '../../workflows/decision-call.ts';
import { ANYBODY } from './incident-run.ts';

const asked: Asked = { id: '1a2b3c4d', plan: 'restart (a → b)', untilMs: 1_000, expiresAt: '1970-01-01T00:00:01.000Z', decision: null };
const call = { plan: '1a2b3c4d', decision: 'approve', by: 'anna' };
const anna = { id: 'anna', name: 'anna', way: 'webUi', groups: [] } as const;
const ben = { id: 'U0BEN', name: 'ben', way: 'slack', groups: ['S0ML'] } as const;
const matter = { runbook: 'pod-crash', namespace: 'ml', requesters: [] };

const refused = (given: object, to: Asked | null = asked, nowMs = 0, rules: ApprovalRules = ANYBODY) =>
  whyRefused(readDecision({ ...call, ...given }), to, rules, matter, nowMs);

describe('a decision', () => {
  it('is understood with who decides, by a name that is typed or as a gateway knows them', () => {
    expect(readDecision({ ...call, reason: ' go ' })).toEqual({
      plan: '1a2b3c4d',
      decision: 'approve',
      by: 'anna',
      who: anna,
      reason: 'go',
    });
    expect(readDecision({ ...call, by: ben })).toMatchObject({ by: 'ben', who: ben });
  });

  it('is taken until its time is up, and not from then on (safety 29)', () => {
    expect(refused({}, asked, 999)).toBeNull();
    expect(refused({}, asked, 1_000)).toBe('Plan 1a2b3c4d could be decided on until 1970-01-01T00:00:01.000Z.');
  });

  it('is taken once (safety 29)', () => {
    const decided: Asked = { ...asked, decision: { decision: 'reject', by: 'ben', who: ben, reason: '' } };
    expect(refused({}, decided)).toBe('Plan 1a2b3c4d is decided: reject by ben.');
  });

  it.each<[unknown, RegExp]>([
    [undefined, /must be \{"plan"/],
    [[call], /must be \{"plan"/],
    [{ ...call, force: true }, /Cannot understand "force"/],
    [{ ...call, decision: undefined }, /must be "approve", "reject", /],
    [{ ...call, decision: 'Approve' }, /must be "approve", "reject", /],
    [{ ...call, by: undefined }, /"by" must name the person/],
    [{ ...call, by: ' \u3000' }, /"by" must name the person/],
    [{ ...call, by: 7 }, /Cannot understand "by"/],
    [{ ...call, by: 'anna\nben' }, /Cannot understand "by"/],
    [{ ...call, by: 'x'.repeat(301) }, /Cannot understand "by"/],
    [{ ...call, by: { ...ben, way: 'telepathy' } }, /Cannot understand "by"/],
    [{ ...call, by: { ...ben, groups: 'S0ML' } }, /Cannot understand "by"/],
    [{ ...call, by: { ...ben, isAdmin: true } }, /Cannot understand "by"/],
    [{ ...call, by: { ...ben, id: '' } }, /"by" must name the person/],
    [{ ...call, reason: {} }, /Cannot understand "reason"/],
    [{ ...call, plan: undefined }, /Cannot understand "plan"/],
    [{ ...call, plan: ['1a2b3c4d'] }, /Cannot understand "plan"/],
  ])('that says %j is not understood (safety 29)', (given, why) => {
    expect(() => readDecision(given)).toThrow(why);
  });

  it.each<[object, RegExp]>([
    [{ by: 'paramedic-worker' }, /Paramedic does not decide on what it asks itself/],
    [{ by: ' ＰＡＲＡＭＥＤＩＣ' }, /Paramedic does not decide on what it asks itself/],
    [{ plan: '00000000' }, /Plan "00000000" is not asked about now; it is 1a2b3c4d: restart \(a → b\)\./],
    [{ plan: '1A2B3C4D' }, /is not asked about now/],
    [{ decision: 'rollBack' }, /rollBack is no answer to 1a2b3c4d: it must be "approve", "reject" or "escalate"/],
  ])('that says %j is refused (safety 29)', (given, why) => {
    expect(refused(given)).toMatch(why);
  });

  it('is refused where nothing is asked (safety 29)', () => {
    expect(refused({}, null)).toBe('Nothing is asked of anybody now.');
  });

  it('of a stranger is refused without a word on what is asked (safety 29)', () => {
    const rules = { ...ANYBODY, approvers: { people: ['ben'], slackUsers: [], slackGroups: [] } };
    for (const to of [asked, null]) expect(refused({}, to, 0, rules)).toMatch(/^anna \(in the Web UI\) is not among the approvers/);
  });

  it('may come from a person whose name only begins alike', () => {
    expect(refused({ by: 'paramedics-of-berlin' })).toBeNull();
  });
});
