import type { Answer } from '../incident/approval.ts';
import type { IncidentRun } from '../incident/incident.ts';
import type { Person } from '../incident/person.ts';

/** A person's word on what an incident asks. */
export interface Word {
  /** The incident's workflow id. */
  readonly incident: string;
  /** The id of the plan; null: the one that is asked about now. */
  readonly plan: string | null;
  readonly decision: Answer;
  readonly who: Person;
  /** Empty where none is given. */
  readonly reason: string;
}

/**
 * What became of it. `notOpen`: there is no such incident, or it is over. `notUnderstood`: it made no sense, and leaves no trace; every
 * other refusal stands in the audit trail.
 */
export type Heard =
  | {
      readonly kind: 'taken';
      /** Its id. */
      readonly plan: string;
      /** What it does; null where only its id is known. */
      readonly text: string | null;
    }
  | { readonly kind: 'refused' | 'notOpen' | 'notUnderstood'; readonly why: string };

/** Where people's decisions are taken to. Each call throws `NoAnswer` when no worker takes it in time. */
export interface DecisionDesk {
  /** @param callId words of one id are one word, however often they come */
  decide(word: Word, callId?: string): Promise<Heard>;
  /** Somebody takes an incident upon themselves, so that nobody else is told of it. @returns why not, as a sentence; null: it was taken */
  acknowledge(incident: string, who: Person, reason: string, callId?: string): Promise<string | null>;
  /** What somebody says of what was tried in an incident. @returns why it was not taken, as a sentence; null: it was taken */
  judge(of: IncidentRun, says: 'right' | 'wrong', who: Person, reason: string, callId?: string): Promise<string | null>;
  /** Has it written down that somebody was refused before their word came to an incident. */
  noteRefusal(incident: string, who: Person, why: string): Promise<void>;
}
