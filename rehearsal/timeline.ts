import { z } from 'zod';
import type { AuditEntry } from '../incident/audit-entry.ts';
import { changeText } from '../incident/change.ts';
import type { Diagnosis } from '../incident/diagnosis.ts';
import type { Plan } from '../incident/plan.ts';

/** Something that happened in an incident, as its history or a rehearsal tells it. */
export type Moment =
  | { readonly kind: 'looked'; readonly diagnosis: Diagnosis }
  | { readonly kind: 'planned'; readonly plan: Plan }
  | { readonly kind: 'written'; readonly entry: AuditEntry };

const text = z.string();
const change = { remedy: text, before: text, after: text };

/** One step of an incident, without what another time and another place would make different. */
export const Step = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('found'), cause: text, rule: text, why: text }).describe('A look named a cause.'),
  z.strictObject({ kind: z.literal('planned'), ...change }).describe('A remedy was made concrete.'),
  z.strictObject({ kind: z.literal('asked'), what: text }).describe('A person was asked.'),
  z.strictObject({ kind: z.literal('answered'), answer: text, why: text }).describe('What a person said, or that nobody did.'),
  z.strictObject({ kind: z.literal('refused'), guard: text, why: text }).describe('The guards refused, and it was not waited out.'),
  z.strictObject({ kind: z.literal('acted'), remedy: text, result: text, why: text }).describe('The change was made, or not.'),
  z.strictObject({ kind: z.literal('verified'), remedy: text, verdict: text, why: text }).describe('What became of it.'),
  z.strictObject({ kind: z.literal('takenBack'), remedy: text, result: text }).describe('A change was taken back, or not.'),
  z.strictObject({ kind: z.literal('reclassified'), why: text }).describe('It went on as another failure type.'),
  z.strictObject({ kind: z.literal('escalated'), why: text }).describe('A person is needed.'),
  z.strictObject({ kind: z.literal('closed'), outcome: text, why: text }).describe('The incident ended.'),
  z.strictObject({ kind: z.literal('notTaken'), why: text }).describe('No incident would begin.'),
  z.strictObject({ kind: z.literal('stopped'), why: text }).describe('What comes next, nobody can tell.'),
]);

export type Step = z.infer<typeof Step>;

export const Timeline = z.array(Step);

export type Timeline = readonly Step[];

/** The steps of an incident. Looks that say nothing new, and refusals that were waited out, are none. */
export function timelineOf(moments: readonly Moment[]): Timeline {
  const steps: Step[] = [];
  let found: string | null = null;
  for (const [index, moment] of moments.entries()) {
    const step = stepOf(moment, moments.slice(index + 1));
    if (step === null) continue;
    // What is seen while people are at it is theirs.
    if (step.kind === 'found' && (found === step.cause || steps.some(({ kind }) => kind === 'escalated'))) continue;
    if (step.kind === 'planned' && isAgain(step, steps)) continue;
    if (step.kind === 'found') found = step.cause;
    if (step.kind === 'acted' || step.kind === 'takenBack') found = null;
    steps.push(step);
  }
  return steps;
}

/** Whether two steps are the same, however they are told. */
function isSameStep(one: Step, other: Step): boolean {
  return keyOf(one) === keyOf(other);
}

/** By what a step is told from another: sentences are not among it, since they hold times and names. */
function keyOf(step: Step): string {
  switch (step.kind) {
    case 'found':
      return JSON.stringify([step.kind, step.cause, step.rule]);
    case 'planned':
      return JSON.stringify([step.kind, step.remedy, step.before, step.after]);
    case 'answered':
      return JSON.stringify([step.kind, step.answer]);
    case 'refused':
      return JSON.stringify([step.kind, step.guard]);
    case 'acted':
    case 'takenBack':
      return JSON.stringify([step.kind, step.remedy, step.result]);
    case 'verified':
      return JSON.stringify([step.kind, step.remedy, step.verdict]);
    case 'closed':
      return JSON.stringify([step.kind, step.outcome]);
    case 'asked':
    case 'reclassified':
    case 'escalated':
    case 'notTaken':
      return step.kind;
    case 'stopped':
      return JSON.stringify([step.kind, step.why]);
    default:
      return step satisfies never;
  }
}

function isAgain(step: Step & { readonly kind: 'planned' }, before: readonly Step[]): boolean {
  const last = before.findLast(({ kind }) => kind === 'planned' || kind === 'acted' || kind === 'found');
  return last?.kind === 'planned' && isSameStep(last, step);
}

function stepOf(moment: Moment, later: readonly Moment[]): Step | null {
  switch (moment.kind) {
    case 'looked': {
      const { cause, rule, reasons } = moment.diagnosis;
      return { kind: 'found', cause, rule, why: reasons.join(' ') };
    }
    case 'planned':
      return { kind: 'planned', remedy: moment.plan.remedy, ...changeText(moment.plan.change) };
    case 'written':
      return stepOfEntry(moment.entry, later);
    default:
      return moment satisfies never;
  }
}

function stepOfEntry({ step, text, remedy = '', result, guard = '', outcome = '' }: AuditEntry, later: readonly Moment[]): Step | null {
  switch (step) {
    case 'Asked':
      return { kind: 'asked', what: text.replace(/^Plan \S+: /, '').replace(/, until [^,]*$/, '') };
    case 'Approved':
      return { kind: 'answered', answer: 'approved', why: text };
    case 'Rejected':
      return { kind: 'answered', answer: /^Nobody decided/.test(text) ? 'silence' : 'rejected', why: text };
    case 'HandedOn':
      return { kind: 'answered', answer: 'handed on', why: text };
    case 'Decided':
      return { kind: 'answered', answer: 'decided', why: text };
    case 'DecisionRefused':
      return { kind: 'answered', answer: 'not counted', why: text };
    case 'Voided':
      return { kind: 'answered', answer: 'void', why: text };
    case 'Refused':
      return isWaitedOut(later) ? null : { kind: 'refused', guard, why: without(`${guard}: `, text) };
    case 'Acted':
      return { kind: 'acted', remedy, result: result?.kind ?? 'unknown', why: '' };
    case 'NotActed':
      return { kind: 'acted', remedy, result: 'not made', why: text };
    case 'Verified':
      return { kind: 'verified', remedy, verdict: result?.kind ?? 'unknown', why: result?.text ?? text };
    case 'Undone':
      return { kind: 'takenBack', remedy, result: 'taken back' };
    case 'NotUndone':
      return { kind: 'takenBack', remedy, result: 'left as it is' };
    case 'Reclassified':
      return { kind: 'reclassified', why: text };
    case 'Escalated':
      return { kind: 'escalated', why: text };
    case 'Closed':
      return { kind: 'closed', outcome, why: without(`${outcome}: `, text) };
    default:
      return null;
  }
}

/** The text without what it begins with. */
function without(beginning: string, text: string): string {
  return text.startsWith(beginning) ? text.slice(beginning.length) : text;
}

/** Something else than the hand-over came of it. */
function isWaitedOut(later: readonly Moment[]): boolean {
  const next = later.find((moment) => moment.kind === 'written' && ['Acting', 'Asked', 'Escalated', 'Closed'].includes(moment.entry.step));
  return next?.kind === 'written' && next.entry.step !== 'Escalated';
}

/** A step, and in which of two timelines it is. */
export interface Compared {
  readonly in: 'both' | 'was' | 'now';
  readonly step: Step;
}

/** What two timelines have in common and what not, in order; what was comes before what is. */
export function timelineDiff(was: Timeline, now: Timeline): readonly Compared[] {
  const [one, ...restWas] = was;
  const [other, ...restNow] = now;
  if (!one) return now.map((step) => ({ in: 'now', step }));
  if (!other) return was.map((step) => ({ in: 'was', step }));
  if (isSameStep(one, other)) return [{ in: 'both', step: other }, ...timelineDiff(restWas, restNow)];
  // Timelines are short; the end that is common is found first, so that one step more or less does not hide the rest.
  const lastWas = was.at(-1)!;
  const lastNow = now.at(-1)!;
  if (isSameStep(lastWas, lastNow)) return [...timelineDiff(was.slice(0, -1), now.slice(0, -1)), { in: 'both', step: lastNow }];
  return [...was.map((step) => ({ in: 'was' as const, step })), ...now.map((step) => ({ in: 'now' as const, step }))];
}
