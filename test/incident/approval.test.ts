import { describe, expect, it } from '@jest/globals';
import { approvalSubject, type Question, questionId } from '../../incident/approval.ts';
import type { Plan } from '../../incident/plan.ts';

const plan: Plan = {
  remedy: 'raiseMemory',
  change: { kind: 'memory', container: 'main', from: { limit: '128Mi', request: null }, to: { limit: '256Mi', request: null } },
  uid: 'u1',
  generation: 2,
  readyBefore: 0,
  displacedBefore: [],
  why: '',
};
const proposalId = (one: Plan, asked: Question) => questionId(approvalSubject(one), asked);
const question = { run: 'r1', number: 1 };

describe('the id of a question', () => {
  it('is the same for the same plan, however its fields are ordered, and whatever is said of it (safety 29)', () => {
    const { change, ...rest } = plan;
    const turned = { ...rest, why: 'Because.', change: { to: { request: null, limit: '256Mi' }, ...change } } as Plan;
    expect(proposalId(plan, question)).toMatch(/^[0-9a-f]{8}$/);
    expect(proposalId({ ...turned, change: plan.change }, question)).toBe(proposalId(plan, question));
    expect(proposalId(turned, question)).toBe(proposalId(plan, question));
  });

  it('is another one for another change, object, generation, incident or time of asking (safety 29)', () => {
    const change = { ...plan.change, to: { limit: '512Mi', request: null } } as Plan['change'];
    const ids = [
      proposalId(plan, question),
      proposalId({ ...plan, change }, question),
      proposalId({ ...plan, remedy: 'restart' }, question),
      proposalId({ ...plan, uid: 'u2' }, question),
      proposalId({ ...plan, generation: 3 }, question),
      proposalId(plan, { ...question, run: 'r2' }),
      proposalId(plan, { ...question, number: 2 }),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });
});
