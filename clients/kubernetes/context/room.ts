import type { ConfigurationOptions, CoreV1Api } from '@kubernetes/client-node';
import type { PodSeen } from '../../../incident/evidence.ts';
import type { Room } from '../../../incident/scaling.ts';
import { roomForMore } from '../surroundings/room-for-more.ts';

/** What has ended takes no room on its node any more. */
const NOT_ENDED = 'status.phase!=Succeeded,status.phase!=Failed';

/** Whether more pods like the target's would find a place now; null where it has none to go by. */
export async function roomSeen(
  core: CoreV1Api,
  namespace: string,
  own: readonly PodSeen[],
  options: ConfigurationOptions,
): Promise<Room | null> {
  const last = own.at(-1);
  if (!last) return null;
  const [nodes, pods, quotas] = await Promise.all([
    core.listNode({}, options),
    core.listPodForAllNamespaces({ fieldSelector: NOT_ENDED }, options),
    core.listNamespacedResourceQuota({ namespace }, options),
  ]);
  const like = pods.items.find(({ metadata }) => metadata?.uid === last.uid);
  return like === undefined ? null : roomForMore(like, nodes.items, pods.items, quotas.items);
}
