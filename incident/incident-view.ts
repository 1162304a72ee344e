import type { Proposal } from './approval.ts';
import type { Diagnosis } from './diagnosis.ts';
import type { Target } from './target.ts';

/** What is asked of people, with why. */
export interface AskedView extends Proposal {
  /** Why somebody is asked, as a sentence. */
  readonly reason: string;
  readonly diagnosis: Pick<Diagnosis, 'cause' | 'confidence' | 'reasons'> | null;
  /** What to know before, a sentence each. */
  readonly briefing: readonly string[];
}

/** An incident as people outside see it now. */
export interface IncidentView {
  /** The incident's workflow id. */
  readonly incident: string;
  readonly run: string;
  readonly failureType: string;
  readonly runbook: string;
  readonly mode: string;
  readonly target: Target;
  /** How far it has come, as incidents are listed by it. */
  readonly phase: string;
  /** Null while it is not known. */
  readonly cause: string | null;
  /** Null when nothing is asked now. */
  readonly asked: AskedView | null;
  /** Who decided what, the latest last, a sentence each. */
  readonly decisions: readonly string[];
  /** How it ended, as a sentence; null while it is open. */
  readonly end: string | null;
  /** What was tried in it teaches later ones, and people may say whether it was right; absent where nothing does. */
  readonly isTaught?: boolean;
}

/** An incident as it is now, and what its story says since the last time. */
export interface ViewNews {
  readonly view: IncidentView;
  readonly sentences: readonly string[];
}

/** The message that an incident has in Slack. */
export interface PostedMessage {
  readonly channel: string;
  /** Slack's name for the message. */
  readonly ts: string;
  /** So many sentences of the story stand below it. */
  readonly told: number;
}
