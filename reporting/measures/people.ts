import type { AuditEntry, AuditStep } from '../../incident/audit-entry.ts';
import { timesToDecide } from '../durations.ts';
import type { Case } from './case.ts';
import { entriesOf, figureOf, groupsOf, spreadOf } from './counting.ts';
import type { Report } from './report.ts';

/** What people were asked, what they said, and how long that took. */
export function approvalsOf(cases: readonly Case[]): Report['approvals'] {
  const count = (step: AuditStep, is: (entry: AuditEntry) => boolean = () => true) =>
    figureOf(entriesOf(cases, (entry) => entry.step === step && is(entry)));
  const lived = cases.filter(({ isSimulated }) => !isSimulated).map(({ story }) => story);
  return {
    asked: count('Asked'),
    approved: count('Approved'),
    rejected: count('Rejected', ({ who }) => who !== undefined),
    silent: count('Rejected', ({ who }) => who === undefined),
    handedOn: count('HandedOn'),
    decided: count('Decided'),
    voided: count('Voided'),
    refused: count('DecisionRefused'),
    took: spreadOf(timesToDecide(lived).map(({ story, ms }) => ({ number: story.number, ms }))),
  };
}

/** What the guards held back. */
export function refusalsOf(cases: readonly Case[]): Report['guards'] {
  return groupsOf(
    entriesOf(cases, ({ step }) => step === 'Refused'),
    ({ entry }) => entry.guard ?? 'not said',
  );
}
