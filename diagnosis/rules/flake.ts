import type { PodSeen } from '../../incident/evidence.ts';
import { failingPods, symptoms } from '../failing-pods.ts';
import type { Finding, WorkloadRule } from '../rule.ts';

/**
 * A few pods fail while more of the same release are ready: the release is fine, the pods are not. One of a DaemonSet would be made anew
 * where it is, so that it is its node that is in doubt.
 */
export const flake: WorkloadRule = ({ kind, pods }) => {
  const sick = failingPods(pods);
  const [pod] = sick;
  if (!pod) return null;
  const releases = new Set(sick.map(({ release }) => release));
  const siblings = pods.filter(({ ready, release }) => ready && releases.has(release));
  const areFew = sick.length === 1 ? siblings.length > 0 : releases.size === 1 && siblings.length > sick.length;
  if (!areFew) return null;
  const names = sick.map(({ name }) => name).join(', ');
  const seen = `${names} ${sick.length === 1 ? 'fails' : 'fail'} (${symptoms(sick)}) while ${siblings.length} pods of the same release are ready`;
  if (kind === 'DaemonSet') return sick.length === 1 ? nodeOf(pod, seen) : null;
  return { cause: 'flake', confidence: 'possible', reason: `${seen}.` };
};

function nodeOf({ node }: PodSeen, seen: string): Finding {
  return { cause: 'bad-node', confidence: 'possible', reason: `${seen}, each on a node of its own: ${node} is what it has otherwise.` };
}
