import type { ConfigurationOptions, CoreV1Api, V1Node, V1Pod } from '@kubernetes/client-node';
import type { NodeSeen } from '../../../incident/context.ts';
import { isReady } from '../workload-seen.ts';

/** Pods of one node that are looked at. */
const PODS_MAX = 300;
const NODES_MAX = 5;
/** Conditions of a node that are as they should be when they are false. */
const PRESSURES = ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'NetworkUnavailable'];

/**
 * The nodes of these names, the first few, and how the pods of others on them are.
 * @param own uids of the target's pods
 */
export function nodesSeen(
  core: CoreV1Api,
  names: readonly string[],
  own: ReadonlySet<string>,
  options: ConfigurationOptions,
): Promise<readonly NodeSeen[]> {
  return Promise.all(
    names.slice(0, NODES_MAX).map(async (name) => {
      const [node, { items }] = await Promise.all([
        core.readNode({ name }, options),
        core.listPodForAllNamespaces({ fieldSelector: `spec.nodeName=${name}`, limit: PODS_MAX }, options),
      ]);
      return nodeSeen(
        node,
        items.filter(({ metadata }) => !own.has(metadata?.uid ?? '')),
      );
    }),
  );
}

function nodeSeen(node: V1Node, others: readonly V1Pod[]): NodeSeen {
  const conditions = node.status?.conditions ?? [];
  const running = others.filter(({ status }) => status?.phase === 'Running');
  const ready = running.filter(isReady).length;
  return {
    name: node.metadata?.name ?? '',
    ready: isReady(node),
    pressures: conditions.filter(({ type, status }) => PRESSURES.includes(type) && status === 'True').map(({ type }) => type),
    unschedulable: node.spec?.unschedulable ?? false,
    others: { ready, notReady: running.length - ready },
  };
}
