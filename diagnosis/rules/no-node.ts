import type { Context } from '../../incident/context.ts';
import type { Difference } from '../../incident/difference.ts';
import type { PodSeen, WorkloadEvidence } from '../../incident/evidence.ts';
import type { PlacesSeen } from '../../incident/places.ts';
import type { Hindrance } from '../hindrance.ts';

/** Every pod waits for a moment; a scheduler that finds no node at first may find one at the next try. */
export const PATIENCE_SECONDS = 10;
const SIZE: readonly Difference['what'][] = ['resources', 'containers'];
const PLACE: readonly Difference['what'][] = ['placement', 'labels'];
/** Nobody wants workloads there. */
const CONTROL_PLANE = /^node-role\.kubernetes\.io\/(control-plane|master)=/;

/** Pods that no node has taken for a while. */
export function homelessPods({ pods }: WorkloadEvidence): readonly PodSeen[] {
  return pods.filter((pod) => pod.ended === null && pod.unschedulable !== null && pod.ageSeconds >= PATIENCE_SECONDS);
}

/** Why no node takes its pods, from what the scheduler says and from what the nodes have. */
export function whyNoNode(evidence: WorkloadEvidence, { places }: Context): Hindrance | null {
  const homeless = homelessPods(evidence);
  const [first] = homeless;
  if (!first) return null;
  const said = (first.unschedulable ?? '').split('preemption:')[0] ?? '';
  const seen = places.kind === 'read' ? places.value : null;
  const found = (seen && fromNodes(seen)) ?? fromWords(said);
  return found && { ...found, reason: `No node takes ${homeless.length} of its pods: ${found.reason} The scheduler says: ${said.trim()}` };
}

/** What the nodes themselves have settles what the scheduler's words leave open; null where it does not. */
function fromNodes({ nodes, allowed, lacking, taints, labels }: PlacesSeen): Hindrance | null {
  const wanted = taints.filter((taint) => !CONTROL_PLANE.test(taint));
  if (wanted.length > 0)
    return {
      cause: 'taint-not-tolerated',
      reason: `nodes that are large enough have a taint that it does not tolerate (${wanted.join(', ')}).`,
      broughtBy: [...PLACE, ...SIZE],
    };
  if (allowed === 0 && labels.length > 0)
    return {
      cause: 'affinity-unsatisfiable',
      reason: `none of the ${nodes} nodes has the label ${labels.join(' or ')}.`,
      broughtBy: PLACE,
    };
  if (lacking.length === 0) return null;
  const texts = lacking.map(({ resource, asks, most }) => `${resource} ${asks}, where none it may run on has more than ${most}`);
  return {
    cause: lacking.some(({ resource }) => isDevice(resource)) ? 'gpu-short' : 'too-large-for-any-node',
    reason: `it asks for ${texts.join(', and ')} (${allowed} of ${nodes} nodes).`,
    broughtBy: [...SIZE, ...PLACE],
  };
}

/** A node is left out for one reason, and only one that is left is found too full: that comes first. */
function fromWords(said: string): Hindrance | null {
  const short = [...new Set([...said.matchAll(/Insufficient ([^\s,]+?)(?=[\s,.]*(?:[\s,]|$))/g)].map(([, resource = '']) => resource))];
  const device = short.find(isDevice);
  if (device !== undefined) return { cause: 'gpu-short', reason: `no ${device} is free.`, broughtBy: SIZE };
  if (short.length > 0 || /Too many pods/.test(said)) {
    const full = short.length > 0 ? `no node has enough ${short.join(' and ')} free.` : 'every node has as many pods as it may.';
    return { cause: 'nodes-full', reason: full, broughtBy: SIZE };
  }
  if (/taint/.test(said))
    return { cause: 'taint-not-tolerated', reason: 'nodes have a taint that it does not tolerate.', broughtBy: PLACE };
  if (/affinity|selector|topology spread|requested node name/.test(said))
    return { cause: 'affinity-unsatisfiable', reason: 'no node is where it must run.', broughtBy: PLACE };
  return null;
}

/** Cores, memory and disk have plain names; what a device plugin offers is named by its domain. */
function isDevice(resource: string): boolean {
  return resource.includes('/');
}
