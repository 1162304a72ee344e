import type { Context, NodeSeen } from '../../incident/context.ts';
import type { Confidence } from '../../incident/diagnosis.ts';
import type { PodSeen } from '../../incident/evidence.ts';
import { sickPods, symptoms } from '../failing-pods.ts';
import { gpuFaultText, hardwareFaults, hasFailedGpu } from '../gpu-faults.ts';
import type { Finding, WorkloadRule } from '../rule.ts';

/** Where more nodes than these are concerned, something above them is. */
const NODES_MAX = 2;
/** Fewer pods of others prove nothing about a node. */
const OTHERS_MIN = 2;

/**
 * All failing pods are on a node that is itself in doubt, and something proves that it is the node: pods of the same release are ready
 * elsewhere, or the very GPUs of the pods have failed, or the node does not answer and nothing else is wrong with the pods.
 */
export const badNode: WorkloadRule = ({ pods }, context) => {
  const found = doubtfulNodes(pods, context);
  if (found === null) return null;
  const { sick, doubts } = found;
  const names = doubts.map(({ node }) => node);
  const elsewhere = siblingsElsewhere(sick, pods, names);
  // A pod that is ready there speaks for the node, unless the cluster itself speaks against it.
  const readyThere = pods.some((pod) => pod.ready && names.includes(pod.node ?? ''));
  if (elsewhere > 0 && (!readyThere || doubts.every(({ confidence }) => confidence === 'certain')))
    return finding(found, `; ${elsewhere} pods of the same release are ready on other nodes.`);
  if (sick.every((pod) => hasFailedGpu(pod, context))) return finding(found, ', and the GPU of each has failed.');
  const lost = sick.every((pod) => symptoms([pod]) === '') && doubts.every(({ confidence }) => confidence === 'certain');
  return lost ? finding(found, ', and nothing is wrong with their containers.') : null;
};

/**
 * Several pods fail, all on one node where none of the target is ready, while as many of the same release are ready on other nodes. Nothing
 * else speaks against the node, so that one pod alone would prove nothing.
 */
export const nodeAlone: WorkloadRule = ({ kind, pods }) => {
  const sick = sickPods(pods);
  const [node, ...others] = [...new Set(sick.map((pod) => pod.node))];
  if (kind === 'DaemonSet' || sick.length < 2 || !node || others.length > 0) return null;
  const elsewhere = siblingsElsewhere(sick, pods, [node]);
  if (elsewhere < sick.length || pods.some((pod) => pod.ready && pod.node === node)) return null;
  return {
    cause: 'bad-node',
    confidence: 'likely',
    reason: `All ${sick.length} failing pods (${symptoms(sick)}) are on ${node}, where none is ready; ${elsewhere} pods of the same release are ready on other nodes.`,
  };
};

/** All failing pods are on a node in doubt, and nothing proves it: the node may be at fault, and so may the release. */
export const suspectNode: WorkloadRule = ({ pods }, context) => {
  const found = doubtfulNodes(pods, context);
  if (found === null) return null;
  return { ...finding(found, ', but no pod of the same release is ready on another node to prove it.'), confidence: 'possible' };
};

/** Why a node is in doubt. */
interface Doubt {
  readonly node: string;
  readonly confidence: Confidence;
  readonly why: string;
}

interface Found {
  readonly sick: readonly PodSeen[];
  readonly doubts: readonly Doubt[];
}

/** The failing pods and the nodes they are on; null where there are none, or one of the nodes is in no doubt. */
function doubtfulNodes(pods: readonly PodSeen[], context: Context): Found | null {
  const { nodes } = context;
  const sick = sickPods(pods);
  if (nodes.kind !== 'read') return null;
  const names = [...new Set(sick.map(({ node }) => node))];
  if (names.length === 0 || names.length > NODES_MAX) return null;
  const doubtOf = (name: string | null) => {
    const node = nodes.value.find((one) => one.name === name);
    const there = sick.filter((pod) => pod.node === name);
    return node ? doubtAbout(node, there, context) : null;
  };
  const doubts = names.flatMap((name) => doubtOf(name) ?? []);
  return doubts.length === names.length ? { sick, doubts } : null;
}

/** @param sick the failing pods on it */
function doubtAbout({ name, ready, pressures, others }: NodeSeen, sick: readonly PodSeen[], context: Context): Doubt | null {
  const doubt = (confidence: Confidence, why: string): Doubt => ({ node: name, confidence, why: `${name} ${why}` });
  if (!ready) return doubt('certain', 'is not ready');
  const faults = hardwareFaults(name, sick, context);
  if (faults.length > 0)
    return {
      node: name,
      confidence: sick.every((pod) => hasFailedGpu(pod, context)) ? 'certain' : 'likely',
      why: faults.map(gpuFaultText).join(', '),
    };
  if (pressures.length > 0) return doubt('likely', `has ${pressures.join(' and ')}`);
  const most = others.notReady >= OTHERS_MIN && others.notReady > others.ready;
  return most ? doubt('likely', `has ${others.notReady} pods of others that are not ready, and ${others.ready} that are`) : null;
}

/** Pods that are ready on other nodes, of the releases that fail. */
function siblingsElsewhere(sick: readonly PodSeen[], pods: readonly PodSeen[], names: readonly string[]): number {
  const releases = new Set(sick.map(({ release }) => release));
  return pods.filter((pod) => pod.ready && releases.has(pod.release) && !names.includes(pod.node ?? '')).length;
}

function finding({ sick, doubts }: Found, proof: string): Finding {
  const [first, ...rest] = doubts.map(({ confidence }) => confidence);
  const where = doubts.map(({ node }) => node).join(' and ');
  const shown = symptoms(sick);
  return {
    cause: 'bad-node',
    confidence: rest.includes('likely') ? 'likely' : (first ?? 'possible'),
    reason: `All ${sick.length} pods that fail${shown && ` (${shown})`} are on ${where}${proof} Of the node: ${doubts.map(({ why }) => why).join('; ')}.`,
  };
}
