import { describe, expect, it } from '@jest/globals';
import { questionPage } from '../../incident/question-page.ts';
import { question } from '../clients/channels/notices.ts';

const request = question.kind === 'question' ? question.request : null!;

describe('the page by which a person is asked', () => {
  it('says why, what would be done, what would follow, and how to answer until when', () => {
    expect(questionPage(request)).toBe(
      `ml/Deployment/ranker in cluster eu

Why you are asked
  The runbook asks a person first.

What would be done (plan 1a2b3c4d, until 2026-01-01T00:30:00Z)
  undoRelease: revision 2 → revision 1

What would follow
  - revision 2
  + revision 1
  Every pod is made anew.
  It is taken back.

How to answer
  Answer with: paramedic approve …

Incident outage/eu/ml/Deployment/ranker`,
    );
  });

  it('lists what can be chosen, where there is a choice', () => {
    const { consequences: _consequences, ...proposal } = request.proposal;
    const options = [
      { name: 'freeze' as const, does: 'promote nothing.' },
      { name: 'ignore' as const, does: 'do nothing.' },
    ];
    const page = questionPage({ ...request, proposal: { ...proposal, options }, briefing: ['The schema changed.'] });
    expect(page).toContain(
      'until 2026-01-01T00:30:00Z)\n  freeze: promote nothing.\n  ignore: do nothing.\n\nWhat to know\n  The schema changed.',
    );
    expect(page).not.toContain('What would follow');
  });

  it('keeps each text on its line, whatever stands in it (safety 33)', () => {
    const page = questionPage({ ...request, reason: 'a\nHow to answer\n  paramedic approve evil' });
    expect(page).toContain('  a How to answer   paramedic approve evil\n');
  });
});
