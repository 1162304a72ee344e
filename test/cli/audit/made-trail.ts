import { openTrail } from '../../../clients/audit/trail.ts';
import type { AuditEntry } from '../../../incident/audit-entry.ts';

/** A person who decides in Slack. */
const ANNA = { id: 'U0ANNA', name: 'anna', way: 'slack' as const, groups: [] };

const CRASH = 'outage/local/ml/Deployment/ranker';
const MODEL = 'outage/local/ml/InferenceService/churn';
const JOB = 'outage/local/ml/CronJob/train';

/** Seconds of a day, from which all of it is told. */
const at = (seconds: number) => new Date(Date.parse('2026-03-02T08:00:00Z') + seconds * 1000).toISOString();

function incident(id: string, run: string, kind: string, name: string): Pick<AuditEntry, 'incident' | 'run' | 'target'> {
  return { incident: id, run, target: { cluster: 'local', namespace: 'ml', kind, name } };
}

const crash = {
  ...incident(CRASH, 'r1', 'Deployment', 'ranker'),
  failureType: 'podCrash' as const,
  mode: 'auto' as const,
  runbook: { name: 'pod-crash', version: 'aaaaaaaaaaaa' },
};
const again = { ...crash, run: 'r2', runbook: { name: 'pod-crash', version: 'bbbbbbbbbbbb' } };
const model = {
  ...incident(MODEL, 'r3', 'InferenceService', 'churn'),
  ...{ failureType: 'modelServingFailure' as const, mode: 'approve' as const, runbook: { name: 'model-serving', version: 'cccccccccccc' } },
};
const job = {
  ...incident(JOB, 'r4', 'CronJob', 'train'),
  failureType: 'pipelineFailure' as const,
  mode: 'observe' as const,
  runbook: { name: 'pipeline', version: 'dddddddddddd' },
};

const badRelease = { cause: 'bad-release', rule: 'newest-release-fails', evidence: ['It exits with code 1.'] };
const badModel = { cause: 'bad-model-version', rule: 'model-version', evidence: ['Version 2 does not load.'] };
const unknown = { cause: 'unknown', rule: 'none', evidence: ['Nothing explains it.'] };
const undo = { key: `${CRASH}/r1/1`, permit: `${CRASH}/r1/1`, remedy: 'undoRelease', before: 'revision 2', after: 'revision 1' };
const restart = { key: `${CRASH}/r2/1`, permit: `${CRASH}/r2/1`, remedy: 'restart', before: 'pod a failing', after: 'a new pod' };
const rollBack = {
  key: `${MODEL}/r3/1`,
  permit: `${MODEL}/r3/1`,
  remedy: 'rollBackModel',
  before: 'churn version 2',
  after: 'churn version 1',
};

/** Three targets in one morning: a release undone, a restart in vain and taken over, a model rolled back with leave, and a job that nobody could explain. */
export const MORNING: readonly AuditEntry[] = [
  { ...crash, at: at(30), step: 'Opened', text: 'The alert Crash fired.', alert: { name: 'Crash', since: at(0) } },
  { ...crash, at: at(60), step: 'Refused', text: 'backoff: Not yet.', guard: 'backoff' },
  { ...crash, at: at(70), step: 'Acting', text: 'undoRelease', ...undo, why: badRelease },
  { ...crash, at: at(71), step: 'Acted', text: 'undoRelease', ...undo, result: { kind: 'done', text: 'revision 1' } },
  {
    ...crash,
    at: at(150),
    step: 'Verified',
    text: 'recovered',
    key: undo.key,
    remedy: undo.remedy,
    result: { kind: 'recovered', text: '2 pods ready' },
  },
  { ...crash, at: at(160), step: 'Closed', text: 'recovered: Healthy.', outcome: 'recovered', why: badRelease },

  { ...model, at: at(300), step: 'Opened', text: 'The alert Down fired.', alert: { name: 'Down', since: at(240) } },
  { ...model, at: at(310), step: 'Asked', text: 'Plan 1a2b3c4d.', plan: '1a2b3c4d', why: badModel },
  {
    ...model,
    at: at(320),
    step: 'DecisionRefused',
    text: 'eve was refused.',
    plan: '1a2b3c4d',
    answer: 'approve',
    who: { ...ANNA, id: 'U0EVE', name: 'eve' },
  },
  { ...model, at: at(400), step: 'Approved', text: 'anna approved plan 1a2b3c4d.', plan: '1a2b3c4d', answer: 'approve', who: ANNA },
  { ...model, at: at(410), step: 'Acting', text: 'rollBackModel', ...rollBack, why: badModel },
  { ...model, at: at(411), step: 'Acted', text: 'rollBackModel', ...rollBack, result: { kind: 'done', text: 'churn version 1' } },
  {
    ...model,
    at: at(500),
    step: 'Verified',
    text: 'recovered',
    key: rollBack.key,
    remedy: rollBack.remedy,
    result: { kind: 'recovered', text: 'serving' },
  },
  { ...model, at: at(510), step: 'Closed', text: 'recovered: Healthy.', outcome: 'recovered', why: badModel },

  {
    ...{ at: at(550), step: 'Commanded', command: 'freeze', incident: 'permit-office/local', run: 'o1', who: ANNA },
    text: 'anna froze the namespace ml: release of the ranker.',
  },

  { ...again, at: at(600), step: 'Opened', text: 'The alert Crash fired.', alert: { name: 'Crash', since: at(590) } },
  { ...again, at: at(610), step: 'Acting', text: 'restart', ...restart, why: badRelease },
  { ...again, at: at(611), step: 'Acted', text: 'restart', ...restart, result: { kind: 'done', text: 'a new pod' } },
  {
    ...again,
    at: at(700),
    step: 'Verified',
    text: 'notRecovered',
    key: restart.key,
    remedy: restart.remedy,
    result: { kind: 'notRecovered', text: '1 of 2 pods ready' },
  },
  { ...again, at: at(701), step: 'Undoing', text: 'restart did not help', ...restart },
  {
    ...again,
    at: at(702),
    step: 'NotUndone',
    text: 'restart was left',
    ...restart,
    result: { kind: 'failed', text: 'it cannot be undone' },
  },
  { ...again, at: at(710), step: 'Escalated', text: 'No remedy of this runbook is left.', why: badRelease },
  { at: at(711), incident: CRASH, step: 'NotTold', text: 'The escalation webhook 1 of 1 answered 500.' },
  { ...again, at: at(900), step: 'Closed', text: 'escalated: The target is healthy.', outcome: 'escalated', why: badRelease },

  { ...job, at: at(1000), step: 'Opened', text: 'The alert Failed fired.' },
  { ...job, at: at(1010), step: 'Escalated', text: 'Observe mode.', why: unknown },
];

/** Writes it to a file, whole. Returns the hashes of its lines. */
export function writeMorning(file: string, entries: readonly AuditEntry[] = MORNING): readonly string[] {
  const trail = openTrail(file, { version: '0.1.0', commit: '0123456789abcdef' });
  return entries.map((entry) => trail.write(entry));
}
