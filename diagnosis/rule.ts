import type { CauseKind } from '../incident/cause.ts';
import type { Context } from '../incident/context.ts';
import type { Confidence } from '../incident/diagnosis.ts';
import type { WorkloadEvidence } from '../incident/evidence.ts';

/** What a rule found, with the reason a person reads. */
export interface Finding {
  readonly cause: CauseKind;
  readonly confidence: Confidence;
  readonly reason: string;
}

/** A rule looks at the evidence and what stands around it, and either names a cause with its reason, or says nothing. */
export type Rule<E> = (evidence: E, context: Context) => Finding | null;

export type WorkloadRule = Rule<WorkloadEvidence>;
