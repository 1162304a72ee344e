import type { V1Node, V1Pod } from '@kubernetes/client-node';
import { cordonOf } from '../cordon.ts';

/**
 * Whether a person works on the nodes or in the pods, and how, as the end of a sentence; null where nobody does.
 * @param movable those of the pods that a cordon is about
 */
export function personAtWork(pods: readonly V1Pod[], nodes: readonly V1Node[], movable: readonly V1Pod[] = pods): string | null {
  const cordoned = new Set(nodes.filter((node) => cordonOf(node)?.kind === 'persons').map(({ metadata }) => metadata?.name));
  for (const pod of pods) {
    const { metadata, spec, status } = pod;
    const shell = status?.ephemeralContainerStatuses?.find(({ state }) => state?.running);
    if (shell) return `a debug container (${shell.name}) runs in its pod ${metadata?.name}`;
    if (!movable.includes(pod) || isOver(status?.phase) || !cordoned.has(spec?.nodeName)) continue;
    return `its pod ${metadata?.name} is on ${spec?.nodeName}, which is cordoned`;
  }
  return null;
}

/** What has ended keeps its node's name. */
function isOver(phase: string | undefined): boolean {
  return phase === 'Succeeded' || phase === 'Failed';
}
