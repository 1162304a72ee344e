import { canonical } from './canonical.ts';
import type { Consequences } from './consequences.ts';
import type { Diagnosis } from './diagnosis.ts';
import { OPTIONS, type Option } from './option.ts';
import type { Person } from './person.ts';
import type { Plan } from './plan.ts';
import type { Target } from './target.ts';

/** A plan a person is asked to decide on. */
export interface Proposal {
  /** A decision names it: another plan, another state of the target, or another question has another one. */
  readonly id: string;
  /** What would be done, from what to what. */
  readonly plan: string;
  /** ISO 8601; when nobody has decided by then, the answer is no. */
  readonly expiresAt: string;
  /** What can be answered; left out where it is yes or no. */
  readonly options?: readonly Option[] | undefined;
  /** What would follow from it; left out where there are options, which say so each. */
  readonly consequences?: Consequences | undefined;
}

/** An answer to a question: yes or no to a plan, one of the options, or that another person is wanted. */
export const ANSWERS = ['approve', 'reject', 'escalate', ...OPTIONS] as const;

export type Answer = (typeof ANSWERS)[number];

/** What a person decided. */
export interface Decision {
  readonly decision: Answer;
  /** Their name. */
  readonly by: string;
  readonly who: Person;
  /** Empty where none was given. */
  readonly reason: string;
}

/** What a person is sent when a plan needs their leave. */
export interface ApprovalRequest {
  /** The incident's workflow id. */
  readonly incident: string;
  readonly run: string;
  readonly target: Target;
  readonly diagnosis: Diagnosis | null;
  readonly proposal: Proposal;
  /** Why somebody is asked, as a sentence. */
  readonly reason: string;
  /** How to answer, with the command to type. */
  readonly nextStep: string;
  /** What to know before, a sentence each, where there is more than the diagnosis. */
  readonly briefing?: readonly string[] | undefined;
}

/** Which of its questions an incident asks. */
export interface Question {
  readonly run: string;
  readonly number: number;
}

/** What leave for a plan is bound to: the change, and the state of the target it was made for. */
export function approvalSubject({ remedy, change, uid, generation }: Plan): readonly unknown[] {
  return [remedy, change, uid, generation];
}

/**
 * A short name of one question about what an answer would be bound to. 32 bits of FNV-1a tell a few questions of one incident apart;
 * they keep no secret, and anybody who sees the plan may know them: who may decide is for Temporal to say.
 */
export function questionId(subject: readonly unknown[], { run, number }: Question): string {
  const text = canonical([run, number, ...subject]);
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
