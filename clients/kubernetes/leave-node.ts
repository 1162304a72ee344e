import { CoreV1Api, type KubeConfig, PatchStrategy, setHeaderOptions, type V1Node } from '@kubernetes/client-node';
import type { NodeChange, PodRef } from '../../incident/node-change.ts';
import type { ApplyOptions } from '../cluster.ts';
import { TargetChanged } from '../failures.ts';
import { asClusterFailure } from './api-failures.ts';
import { CORDONED_BY, cordonOf } from './cordon.ts';
import { evictEach, evictPod, stillThere } from './evict-pod.ts';
import { FIELD_MANAGER, type PatchOperation } from './guarded-patch.ts';

const ANNOTATION_PATH = `/metadata/annotations/${CORDONED_BY.replace('/', '~1')}`;
const OPEN_TRIES_MAX = 5;

/**
 * Leaves a node, or opens it again where a change says so. Leaving is one sequence under one key, which goes on where it was broken off:
 * the cordon, written with the key, and then the eviction of each pod, by uid.
 */
export function nodeLeaver(config: KubeConfig) {
  const core = config.makeApiClient(CoreV1Api);

  return (namespace: string, change: NodeChange, options: ApplyOptions): Promise<'applied' | 'alreadyApplied'> =>
    change.to === 'cordoned' ? leave(namespace, change, options) : open(change.node, options);

  async function leave(namespace: string, { node: name, pods }: NodeChange, { key, dryRun, beforeWrite }: ApplyOptions) {
    const node = await readNode(name);
    const cordon = cordonOf(node);
    const left = await stillThere(core, namespace, pods);
    const isBegun = cordon?.kind === 'ours' && cordon.key === key;
    if (isBegun && left.length === 0) return 'alreadyApplied';
    if (!isBegun) {
      if (left.length === 0) throw new TargetChanged(`None of the pods that were to leave ${name} is there any more.`);
      // Before anything is written, all of it is known to be allowed.
      for (const pod of left) await evictPod(core, namespace, pod, { dryRun: true });
      // Who cordoned it meanwhile is at work on it.
      if (cordon?.kind === 'persons' && !dryRun) throw new TargetChanged(`Node ${name} was cordoned by somebody else.`);
      // With a cordon of another act of ours, an eviction is what began this one.
      if (!dryRun && (cordon === null || left.length === pods.length)) await beforeWrite?.();
      if (cordon === null) await patch(node, cordoning(node, key), dryRun);
      if (dryRun) return 'applied';
    }
    await evictAll(namespace, left);
    return 'applied';
  }

  /** @throws what is worth trying again when a budget holds pods back: it may allow more once those that left are ready elsewhere. */
  async function evictAll(namespace: string, pods: readonly PodRef[]): Promise<void> {
    const heldBack = await evictEach(core, namespace, pods);
    if (heldBack.length > 0) throw new Error(`The node is cordoned, and not all pods could leave it: ${heldBack.join(' ')}`);
  }

  /** Opens a node that exactly this act cordoned. @throws TargetChanged when it is cordoned by somebody else, or by another act */
  async function open(name: string, { undoes, dryRun }: ApplyOptions) {
    for (let tries = 1; ; tries++) {
      const node = await readNode(name);
      const cordon = cordonOf(node);
      if (cordon === null) return 'alreadyApplied';
      if (cordon.kind === 'persons' || cordon.key !== undoes)
        throw new TargetChanged(`Node ${name} is cordoned, and not by this act; it is left so.`);
      try {
        await patch(node, opening(node), dryRun);
        return 'applied';
      } catch (error) {
        // Its status is written all the time; whose the cordon is must be true of the very state that is changed.
        if (!(error instanceof TargetChanged) || tries >= OPEN_TRIES_MAX) throw error;
      }
    }
  }

  function readNode(name: string): Promise<V1Node> {
    return asClusterFailure(`Node ${name}`, () => core.readNode({ name }));
  }

  async function patch({ metadata }: V1Node, body: readonly PatchOperation[], dryRun: boolean): Promise<void> {
    const name = metadata?.name ?? '';
    const request = { name, body, fieldManager: FIELD_MANAGER, ...(dryRun ? { dryRun: 'All' } : {}) };
    await asClusterFailure(`Node ${name}`, () => core.patchNode(request, setHeaderOptions('Content-Type', PatchStrategy.JsonPatch)));
  }
}

/** On condition that it is the very node, and that nobody has cordoned it meanwhile. */
function cordoning({ metadata }: V1Node, key: string): readonly PatchOperation[] {
  return [
    { op: 'test', path: '/metadata/uid', value: metadata?.uid },
    // Of a field that is not there, this holds.
    { op: 'test', path: '/spec/unschedulable', value: null },
    ...(metadata?.annotations ? [] : [{ op: 'add' as const, path: '/metadata/annotations', value: {} }]),
    { op: 'add', path: ANNOTATION_PATH, value: key },
    { op: 'add', path: '/spec/unschedulable', value: true },
  ];
}

/** On condition that nothing about the node changed since it was read. */
function opening({ metadata }: V1Node): readonly PatchOperation[] {
  return [
    { op: 'test', path: '/metadata/uid', value: metadata?.uid },
    { op: 'test', path: '/metadata/resourceVersion', value: metadata?.resourceVersion },
    { op: 'remove', path: ANNOTATION_PATH },
    { op: 'remove', path: '/spec/unschedulable' },
  ];
}
