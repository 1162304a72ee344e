import type { Workloads } from '../clients/kubernetes/workloads.ts';
import type { Evidence } from '../incident/evidence.ts';

/** Workloads whose state follows a script: one step onward at each act, the last state staying. */
export function scriptedWorkloads(states: readonly Evidence[], { loseFirstAnswer = false } = {}): Workloads & { acts: string[] } {
  const acts: string[] = [];
  let lastKey: string | null = null;
  let answersToLose = loseFirstAnswer ? 1 : 0;
  function act(text: string, key: string) {
    acts.push(text);
    lastKey = key;
    if (answersToLose-- > 0) throw new Error('The connection was reset after the request was sent.');
    return { before: 'before', after: 'after' };
  }
  return {
    acts,
    observe: async () => states[Math.min(acts.length, states.length - 1)] as Evidence,
    ownerOf: async () => ({ kind: 'Deployment', name: 'ranker' }),
    exists: async () => true,
    lastActionKey: async () => lastKey,
    undoRelease: async (_target, generation, key) => act(`undoRelease at generation ${generation}`, key),
    raiseMemory: async (_target, _generation, key, container, limitMi) => act(`raiseMemory ${container} to ${limitMi} Mi`, key),
    deletePod: async (_namespace, pod) => {
      act(`deletePod ${pod}`, pod);
    },
    recordEvent: async () => undefined,
  };
}
