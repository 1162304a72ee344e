import { describe, expect, it } from '@jest/globals';
import { type ApprovalRules, type Approvers, whyNotApprover } from '../../../guards/people/approvers.ts';
import type { Person, Way } from '../../../incident/person.ts';

const person = (way: Way, id: string, name = id, groups: readonly string[] = []): Person => ({ id, name, way, groups });
const approvers = (change: Partial<Approvers>): Approvers => ({ people: [], slackUsers: [], slackGroups: [], ...change });
const why = (who: Person, rules: Partial<ApprovalRules>, requesters: readonly Person[] = [], namespace = 'ml') =>
  whyNotApprover(who, { approvers: null, namespaces: {}, fourEyes: false, ...rules }, { runbook: 'pod-crash', namespace, requesters });

describe('who may decide', () => {
  it('is, where a runbook names nobody, whoever gets to Temporal or holds a token, and nobody in Slack (safety 29)', () => {
    for (const way of ['commandLine', 'http', 'webUi'] as const) expect(why(person(way, 'anna'), {})).toBeNull();
    expect(why(person('slack', 'U0ANN', 'anna'), {})).toBe(
      'Nobody decides in Slack on what the runbook pod-crash asks, since it names no approvers. Add approval.approvers to it.',
    );
  });

  it('is in Slack known by id or by group, never by name (safety 29)', () => {
    const rules = { approvers: approvers({ people: ['anna'], slackUsers: ['U0BEN'], slackGroups: ['S0ML'] }) };
    expect(why(person('slack', 'U0BEN', 'x'), rules)).toBeNull();
    expect(why(person('slack', 'U0CY', 'x', ['S0WEB', 'S0ML']), rules)).toBeNull();
    expect(why(person('slack', 'U0ANN', 'anna', ['S0WEB']), rules)).toBe(
      'anna (U0ANN, in Slack) is not among the approvers of the runbook pod-crash in the namespace ml.',
    );
  });

  it('is elsewhere known by name, never by what is an id in Slack (safety 29)', () => {
    const rules = { approvers: approvers({ people: ['anna'], slackUsers: ['U0BEN'], slackGroups: ['S0ML'] }) };
    for (const way of ['commandLine', 'http', 'webUi'] as const) {
      expect(why(person(way, 'anna'), rules)).toBeNull();
      expect(why(person(way, 'U0BEN', 'anna', ['S0ML']), rules)).toMatch(/not among the approvers/);
    }
  });

  it('is for a namespace of its own those alone who are named for it (safety 29)', () => {
    const rules = { approvers: approvers({ people: ['anna'] }), namespaces: { payments: approvers({ people: ['ben'] }) } };
    expect(why(person('http', 'anna'), rules, [], 'payments')).toMatch(/in the namespace payments/);
    expect(why(person('http', 'ben'), rules, [], 'payments')).toBeNull();
    expect(why(person('http', 'ben'), rules, [], 'ml')).toMatch(/not among/);
    expect(why(person('http', 'ben'), rules, [], 'constructor')).toMatch(/not among/);
  });

  it('is with four eyes not who asked for it, by whichever way they come (safety 29)', () => {
    const asked = [person('commandLine', 'anna')];
    expect(why(person('http', 'anna'), { fourEyes: true }, asked)).toMatch(/^anna \(over HTTP\) asked for it/);
    expect(why(person('webUi', 'ＡＮＮＡ'), { fourEyes: true }, asked)).toMatch(/asked for it/);
    expect(why(person('http', 'ben'), { fourEyes: true }, asked)).toBeNull();
    expect(why(person('http', 'anna'), { fourEyes: false }, asked)).toBeNull();
  });

  it('is never Paramedic itself, even where it is named (safety 29)', () => {
    expect(why(person('webUi', 'Paramedic worker'), { approvers: approvers({ people: ['Paramedic worker'] }) })).toMatch(
      /Paramedic does not decide on what it asks itself/,
    );
  });
});
