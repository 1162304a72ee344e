import { isPipelineKind, MODEL_SERVER_KINDS, type TargetKind } from '../../incident/target.ts';
import type { Runbook } from '../../runbooks/schema.ts';
import type { Case } from './schema.ts';

/** The kind of a case's target: the one it names, or the first that the runbook beside it is for. */
export function kindOf({ target: { kind } }: Pick<Case, 'target'>, { match }: Pick<Runbook, 'match'>): TargetKind {
  return kind ?? match.kinds?.[0] ?? 'Deployment';
}

/** A word of a state that says nothing of a kind, and why. */
export interface Unfit {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** What the states of a case say that nobody would look at. */
export function unfitWords(one: Case, beside: Pick<Runbook, 'match'>): readonly Unfit[] {
  const kind = kindOf(one, beside);
  const isServer = (MODEL_SERVER_KINDS as readonly string[]).includes(kind);
  return Object.entries(one.states).flatMap(([name, state]) => [
    ...(state.model && !isServer ? [unfit(name, 'model', `a ${kind} is no server of models; give the case another target.kind`)] : []),
    ...(['runs', 'schedule'] as const).flatMap((word) =>
      state[word] && !isPipelineKind(kind) ? [unfit(name, word, `a ${kind} has none; give the case another target.kind`)] : [],
    ),
  ]);
}

function unfit(state: string, word: string, message: string): Unfit {
  return { path: ['states', state, word], message };
}
