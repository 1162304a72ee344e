import { type Cluster, TargetChanged } from '../clients/cluster.ts';
import type { Confirmation, ModelRegistry } from '../clients/registries/model-registry.ts';
import { changeText } from '../incident/change.ts';
import type { Evidence } from '../incident/evidence.ts';

/** What goes wrong between the script and the one who acts on it. */
export interface Mishaps {
  /** The first act is done, and its answer is lost. */
  readonly loseFirstAnswer?: boolean;
  /** The target changes between the plan and the first act. */
  readonly changesBeforeFirstAct?: boolean;
  /** Undoing finds that somebody changed the target. */
  readonly undoIsTooLate?: boolean;
}

/** A cluster whose target follows a script: one state onward at each act, the last state staying. */
export function scriptedCluster(
  states: readonly Evidence[],
  { loseFirstAnswer, undoIsTooLate, changesBeforeFirstAct }: Mishaps = {},
): Cluster & { acts: string[] } {
  const acts: string[] = [];
  const keys = new Set<string>();
  let tries = 0;
  return {
    acts,
    observe: async () => states[Math.min(acts.length, states.length - 1)] as Evidence,
    async apply(_target, change, _bound, { key, dryRun }) {
      if (dryRun) return 'applied';
      if (keys.has(key)) return 'alreadyApplied';
      if (changesBeforeFirstAct && tries++ === 0) throw new TargetChanged('A person scaled it.');
      if (undoIsTooLate && key.endsWith('/undo')) throw new TargetChanged('Somebody changed it.');
      keys.add(key);
      const { before, after } = changeText(change);
      acts.push(`${before} → ${after}`);
      if (loseFirstAnswer && acts.length === 1) throw new Error('The connection was reset after the request was sent.');
      return 'applied';
    },
    topmostOwner: async () => ({ kind: 'Deployment', name: 'ranker' }),
    recordEvent: async () => undefined,
  };
}

/** A registry that writes down what it is asked to confirm. */
export function scriptedRegistry(): ModelRegistry & { confirmed: Confirmation[] } {
  const confirmed: Confirmation[] = [];
  return {
    confirmed,
    readModel: async () => null,
    async confirm(confirmation) {
      confirmed.push(confirmation);
      return [`Version ${confirmation.bad} is quarantined.`];
    },
  };
}
