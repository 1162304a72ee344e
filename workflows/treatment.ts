import type { CauseKind } from '../incident/cause.ts';
import type { Measure } from '../incident/measure.ts';
import type { Action } from '../incident/plan.ts';
import type { RemedyName } from '../incident/remedy.ts';
import type { IncidentInput } from './messages.ts';

/** How a failure type is healed. */
export interface Treatment {
  /** Which remedies could cure which cause. No entry, no remedy. */
  readonly cures: Partial<Record<CauseKind, readonly RemedyName[]>>;
  /**
   * Which remedies keep which cause from doing more harm while it lasts. None is a cure: one is carried out only where the runbook lists
   * it and no cure is left, it stays, and the incident is handed over all the same.
   */
  readonly containment?: Partial<Record<CauseKind, readonly RemedyName[]>>;
  /** Remedies that may be applied more than once, since each time they are to another pod; up to the attempts of the runbook. */
  readonly again?: readonly RemedyName[];
  /** By what its targets count as well; their pods, where nothing is said. */
  readonly measure?: Measure;
  /** Makes a verified cure true elsewhere, such as in a registry. Returns what was changed, each as a sentence. */
  readonly confirm?: (action: Action, input: IncidentInput) => Promise<readonly string[]>;
}
