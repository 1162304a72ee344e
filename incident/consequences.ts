import { type Change, changeText, inverse, podsOf } from './change.ts';
import type { Plan } from './plan.ts';

/** What a person must know of a plan before they let it be carried out, each as a sentence or as a line. */
export interface Consequences {
  /** What exactly changes, as lines of a diff; the API server has accepted it in a dry run. */
  readonly diff: readonly string[];
  /** What it touches at once. */
  readonly blastRadius: string;
  /** How it is taken back. */
  readonly undo: string;
  /** Why this and not another, where there was a choice; else empty. */
  readonly why: string;
}

/** What would follow from a plan. */
export function consequencesOf({ change, readyBefore, why }: Plan): Consequences {
  const { before, after } = changeText(change);
  const ready = readyBefore === 1 ? '1 pod is ready now' : `${readyBefore} pods are ready now`;
  return { diff: [`- ${before}`, `+ ${after}`], blastRadius: `${touched(change)} ${ready}.`, undo: undoText(change), why };
}

/** By what replaces pods, and what is left as it is. */
function touched(change: Change): string {
  switch (change.kind) {
    case 'podTemplate':
    case 'memory':
      return 'Every pod of the target is made anew, one step of its rollout after another;';
    case 'modelVersion':
      return 'Everything that is asked of the model is answered by another version of it;';
    case 'pod': {
      const count = podsOf(change).length;
      return count === 1 ? 'One pod is taken away and made anew;' : `${count} pods are taken away and made anew;`;
    }
    case 'node':
      return `The node ${change.node} takes no new pods, and ${change.pods.length} of the target leave it;`;
    case 'replicas':
      return `No pod is taken away; there may be ${change.to} of them, from ${change.from};`;
    case 'networkPolicy':
      return 'It holds for every pod that the policy selects, of the target or not;';
    case 'furtherRun':
    case 'sameRun':
      return 'One run is done again, with what it writes; nothing that serves is touched;';
    case 'schedule':
      return 'No run begins by the schedule until it is resumed; runs under way go on;';
    case 'promotions':
      return 'No other version of the model is promoted; what serves goes on;';
    case 'training':
      return 'One Job is begun; what serves goes on;';
    default:
      return change satisfies never;
  }
}

function undoText(change: Change): string {
  const back = inverse(change);
  if (back === null) return 'It cannot be taken back; it is verified all the same.';
  return `It is taken back to ${changeText(back).after}, by itself where it does not help.`;
}
