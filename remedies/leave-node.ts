import { sickPods } from '../diagnosis/failing-pods.ts';
import { hasFailedGpu } from '../diagnosis/gpu-faults.ts';
import type { Context } from '../incident/context.ts';
import type { WorkloadEvidence } from '../incident/evidence.ts';
import type { Runbook } from '../runbooks/schema.ts';
import { whyNotAnew } from './comes-back.ts';
import { type Planned, unusable } from './planned.ts';

/** Cordons the node that all failing pods are on, and evicts them, where they are made anew on another. */
export function leaveNode(workload: WorkloadEvidence, { evictEmptyDir }: Runbook['node'], context: Context): Planned {
  const { kind, pods } = workload;
  if (kind === 'DaemonSet') return unusable('A pod of a DaemonSet comes back on the node that it leaves; look at the node itself.');
  const sick = sickPods(pods);
  const [node, ...others] = [...new Set(sick.flatMap((pod) => pod.node ?? []))];
  if (node === undefined) return unusable('No failing pod is on a node.');
  if (others.length > 0) return unusable(`Its failing pods are on ${node} and ${others.join(', ')}; more than one node is never left.`);
  const away = sick.filter((pod) => pod.node !== null);
  const elsewhere = pods.filter((pod) => pod.ready && pod.node !== node && away.some(({ release }) => release === pod.release));
  const isLost = away.every(({ containers }) => containers.every(({ ready }) => ready));
  const hasNoGpu = away.every((pod) => hasFailedGpu(pod, context));
  if (elsewhere.length === 0 && !isLost && !hasNoGpu)
    return unusable(`No pod of the same release is ready on another node, so nothing proves that ${node} is at fault.`);
  if (kind === 'StatefulSet' && isLost)
    return unusable(
      `${node} does not answer, and a pod of a StatefulSet is made anew only once it is certain that it has ended; it is never forced.`,
    );
  const bound = away.find(({ claims }) => claims.length > 0);
  if (kind === 'StatefulSet' && bound)
    return unusable(`${bound.name} has volumes (${bound.claims.join(', ')}) that may not follow it to another node.`);
  const why = whyNotAnew(workload, away);
  if (why !== null) return unusable(why);
  const keeper = away.find(({ emptyDirs }) => emptyDirs.length > 0);
  if (keeper && !evictEmptyDir)
    return unusable(
      `${keeper.name} has an emptyDir volume (${keeper.emptyDirs.join(', ')}), and what is in it would be lost; the runbook does not allow that (node.evictEmptyDir).`,
    );
  return {
    kind: 'change',
    change: { kind: 'node', node, from: 'open', to: 'cordoned', pods: away.map(({ name, uid }) => ({ name, uid })) },
    why: `All ${away.length} failing pods are on ${node}; they are made anew on other nodes.`,
  };
}
