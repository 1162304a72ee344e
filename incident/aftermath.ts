import type { CauseKind } from './cause.ts';
import { podsOf } from './change.ts';
import type { Action } from './plan.ts';

/**
 * What a cure that stands leaves for a person to do, in sentences; null where it leaves nothing.
 * @param cause what was seen last
 */
export function aftermath(actions: readonly Action[], cause: CauseKind | undefined): string | null {
  const ofNodes = actions.flatMap(({ change, undone, verdict }) =>
    change.kind === 'node' && !undone && verdict?.kind === 'recovered' ? nodeLeft(change.node) : [],
  );
  const left = [...ofNodes, ...(cause === 'memory-leak' ? ofLeak(actions) : [])];
  return left.length > 0 ? left.join(' ') : null;
}

function ofLeak(actions: readonly Action[]): string[] {
  const pods = actions.flatMap(({ change }) => (change.kind === 'pod' ? podsOf(change).map(({ name }) => name) : []));
  if (pods.length === 0) return [];
  return [
    `${pods.join(' and ')} ${pods.length > 1 ? 'were' : 'was'} restarted before the memory limit was reached, which only puts it off: the program leaks, and a person has to mend it.`,
  ];
}

function nodeLeft(node: string): string {
  return `The target is well since it left node ${node}, which is still bad and stays cordoned: see what is wrong with it (kubectl describe node ${node}), and open it again once it is well (kubectl uncordon ${node}).`;
}
