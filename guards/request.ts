import type { IncidentRun } from '../incident/incident.ts';
import type { RemedyName } from '../incident/remedy.ts';
import type { Rollback } from '../incident/rollback.ts';
import type { Surroundings } from '../incident/surroundings.ts';
import type { Suspect } from '../incident/suspect.ts';
import type { Target } from '../incident/target.ts';
import type { LimitLayer } from './limits.ts';

/** Leave that is asked for to carry out one plan on one target, with everything the guards look at. */
export interface PermitRequest extends IncidentRun {
  /** The attempt's key. Asked again under the same id, a granted permit is the same permit. */
  readonly id: string;
  readonly runbook: string;
  readonly target: Target;
  readonly remedy: RemedyName;
  /** A person wants this very plan; else it is a machine's alone. */
  readonly isApproved: boolean;
  /** False for what a controller makes up for, such as a pod that is evicted, and for what is made beside the target, such as a Job. */
  readonly changesSpec: boolean;
  /** The state the plan was made for. */
  readonly plan: { readonly uid: string; readonly generation: number };
  /** The incident's own count; the record is asked as well, and the larger one counts. */
  readonly attemptsMade: number;
  readonly attempts: AttemptLimits;
  readonly rollback: Rollback | null;
  /** Nodes the plan takes out of service. */
  readonly nodes: readonly string[];
  readonly suspects: readonly Suspect[];
  readonly surroundings: Surroundings;
  /** What the runbook does about a target that a tool keeps as its repository has it. */
  readonly gitOps: 'propose' | 'change';
  readonly limits: readonly LimitLayer[];
}

/** Attempts of one incident, and the pauses between them: `backoffFirst * factor^(n-1)` seconds after the n-th, never above the maximum. */
interface AttemptLimits {
  readonly max: number;
  readonly backoffFirstSeconds: number;
  readonly backoffFactor: number;
  readonly backoffMaxSeconds: number;
}
