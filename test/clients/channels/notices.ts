import type { ApprovalRequest } from '../../../incident/approval.ts';
import type { Notice } from '../../../incident/notice.ts';
import { pageText } from '../../../incident/page.ts';
import type { Escalation } from '../../../incident/report.ts';
import type { Target } from '../../../incident/target.ts';

const target: Target = { cluster: 'eu', namespace: 'ml', kind: 'Deployment', name: 'ranker' };
const incident = 'outage/eu/ml/Deployment/ranker';
const KEY = `${incident}/7c1d`;

/** An escalation as a person is handed it. */
function escalation(change: Partial<Escalation> = {}): Escalation {
  const told = {
    ...{ incident, target, diagnosis: null, actions: [], nextStep: 'Add nodes.', commands: ['kubectl -n ml describe deployment/ranker'] },
    reason: 'No remedy of this runbook is left for nodes-full.',
    ...change,
  };
  return { run: '7c1d', page: pageText(told), ...told };
}

const base = { key: KEY, incident, subject: 'ml/Deployment/ranker in cluster eu: no remedy is left.', severity: 'error' as const };

export const page = (change: Partial<Escalation> = {}, of: Partial<typeof base> = {}): Notice => ({
  ...base,
  ...of,
  kind: 'page',
  escalation: escalation(change),
});
export const reminder: Notice = { ...base, kind: 'reminder', number: 1, text: 'Nobody has acknowledged it for 900 s.' };
export const acknowledged: Notice = { ...base, kind: 'acknowledged', text: 'ann has it.' };
export const resolved: Notice = { ...base, kind: 'resolved', text: 'The target is healthy.' };

const request: ApprovalRequest = {
  ...{ incident, run: '7c1d', target, diagnosis: null, reason: 'The runbook asks a person first.' },
  proposal: {
    ...{ id: '1a2b3c4d', plan: 'undoRelease: revision 2 → revision 1', expiresAt: '2026-01-01T00:30:00Z' },
    consequences: { diff: ['- revision 2', '+ revision 1'], blastRadius: 'Every pod is made anew.', undo: 'It is taken back.', why: '' },
  },
  nextStep: 'Answer with: paramedic approve …',
};
export const question: Notice = { ...base, key: `${KEY}/1a2b3c4d`, kind: 'question', request };
