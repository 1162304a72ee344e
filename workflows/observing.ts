import type { Examination } from '../activities/healing.ts';
import { type PeopleDid, peopleDid } from '../incident/people-did.ts';
import type { Plan } from '../incident/plan.ts';
import { verdictText } from '../incident/verdict.ts';
import type { View } from '../incident/view.ts';
import { awaitRecovery, examine } from './calls.ts';
import type { Learning } from './learning.ts';
import type { IncidentInput } from './messages.ts';
import { settled } from './settled.ts';

/** What would have been done, and what it was for. */
export interface Intended {
  readonly plan: Plan;
  readonly seen: Examination;
}

/** What came of a failure that was only observed, as a sentence: is it well, and did others do what would have been done? It is learned, too. */
export async function compareWithPeople(
  { plan, seen }: Intended,
  { target, runbook: { verify: limits } }: IncidentInput,
  view: View,
  learning: Learning,
): Promise<string> {
  // An alert is often over before what was done about it is.
  const { measure = 'pods', golden = null } = view;
  const verdict = await settled(() => awaitRecovery(limits)({ target, measure, limits, golden, before: null }));
  const now = await settled(() => examine(target, view));
  if (verdict.kind === 'failed' || now.kind === 'failed') return 'What others did about it cannot be seen.';
  if (verdict.value.kind !== 'recovered') return `The target is not well all the same (${verdictText(verdict.value)}).`;
  const did = peopleDid(plan.change, seen.evidence, now.value.evidence);
  learning.observed(plan, seen.diagnosis.cause, did);
  return `The target is well${TEXTS[did](plan.remedy)}`;
}

const TEXTS: Readonly<Record<PeopleDid, (remedy: string) => string>> = {
  same: (remedy) => `, after others did what ${remedy} would have done.`,
  other: (remedy) => `, after others did something else than ${remedy}.`,
  nothing: () => ', though nothing was done.',
  unseen: (remedy) => `; whether others did what ${remedy} would have done cannot be seen.`,
};
