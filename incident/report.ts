import type { Diagnosis } from './diagnosis.ts';
import type { Action } from './plan.ts';
import type { Target } from './target.ts';

/** What a person is told when Paramedic needs one. */
export interface Escalation {
  /** The incident's workflow id. */
  readonly incident: string;
  /** The incident's run, so that a repeated message is known as one. */
  readonly run: string;
  /** Null where many targets are meant; the reason names them. */
  readonly target: Target | null;
  readonly diagnosis: Diagnosis | null;
  /** What was done, with verdicts; what was taken back is marked. */
  readonly actions: readonly Action[];
  readonly reason: string;
  /** What a person should do next. */
  readonly nextStep: string;
  /** Commands to look closer and to mend it by hand, for this very target. */
  readonly commands: readonly string[];
  /** All of it on one page of plain text. */
  readonly page: string;
  /** What to know before, a sentence each, where there is more than the diagnosis. */
  readonly briefing?: readonly string[] | undefined;
}
