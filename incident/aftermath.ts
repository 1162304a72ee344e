import type { Action } from './plan.ts';

/** What a cure that stands leaves for a person to do, in sentences; null where it leaves nothing. */
export function aftermath(actions: readonly Action[]): string | null {
  const left = actions.flatMap(({ change, undone, verdict }) =>
    change.kind === 'node' && !undone && verdict?.kind === 'recovered' ? nodeLeft(change.node) : [],
  );
  return left.length > 0 ? left.join(' ') : null;
}

function nodeLeft(node: string): string {
  return `The target is well since it left node ${node}, which is still bad and stays cordoned: see what is wrong with it (kubectl describe node ${node}), and open it again once it is well (kubectl uncordon ${node}).`;
}
