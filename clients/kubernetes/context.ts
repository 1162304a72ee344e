import { CoreV1Api, CustomObjectsApi, type KubeConfig } from '@kubernetes/client-node';
import { type Context, QUIET_CONTEXT } from '../../incident/context.ts';
import { type Evidence, isRun, servingWorkload } from '../../incident/evidence.ts';
import type { Target } from '../../incident/target.ts';
import type { Cluster } from '../cluster.ts';
import type { Metrics } from '../prometheus/prometheus.ts';
import { warningsAbout } from './context/events.ts';
import { gpuFaults } from './context/gpu-faults.ts';
import { memoryBounds } from './context/memory-bounds.ts';
import { killedIn, memoryTrend } from './context/memory-trend.ts';
import { networkReader } from './context/network.ts';
import { nodesSeen } from './context/nodes.ts';
import { placesSeen } from './context/places.ts';
import { referencesSeen } from './context/references.ts';
import { roomSeen } from './context/room.ts';
import { scalingReader } from './context/scaling.ts';
import { abortedBy, openDeadline } from './deadline.ts';
import { reading } from './reading.ts';

const ANSWER_MS_MAX = 5_000;

/** Reads what stands around a target that is not well, all pieces at once. It never fails: what cannot be read is told as such. */
export function contextReader(config: KubeConfig, metrics: Metrics | null) {
  const core = config.makeApiClient(CoreV1Api);
  const scalingOf = scalingReader(config, metrics);
  const objects = config.makeApiClient(CustomObjectsApi);
  const networkOf = networkReader(config);
  return async (target: Target, evidence: Evidence): Promise<Context> => {
    const { namespace, name } = target;
    const deadline = openDeadline(ANSWER_MS_MAX);
    const options = abortedBy(deadline);
    const read = <T>(what: string, call: () => Promise<T>) => reading(what, deadline, call);
    const run = isRun(evidence) ? evidence : null;
    const workload = servingWorkload(evidence);
    const pods = run?.pods ?? workload?.pods ?? [];
    const owned = run ? run.runs.map((one) => one.name) : (workload?.releases ?? []).map((release) => release.name);
    const needed = workload?.references ?? [];
    const claims = needed.filter(({ kind }) => kind === 'PersistentVolumeClaim').map((claim) => claim.name);
    const named = new Set([name, ...pods.map((pod) => pod.name), ...owned, ...claims]);
    const homeless = pods.find(({ unschedulable }) => unschedulable !== null);
    const killed = workload && killedIn(workload);
    // Those of pods that are not ready first: where there are many, the others are left out.
    const inDoubt = [...pods].sort((one, other) => Number(one.ready) - Number(other.ready));
    const nodes = [...new Set([...(workload?.overdue ?? []), ...inDoubt].flatMap(({ node }) => node ?? []))];
    try {
      const [events, nodesRead, gpus, scaling, room, references, places, bounds, trend, network] = await Promise.all([
        read(`the events of namespace ${namespace}`, () => warningsAbout(core, namespace, named, options)),
        read('the nodes of its pods', () => nodesSeen(core, nodes, new Set(pods.map(({ uid }) => uid)), options)),
        read('what the GPUs of its nodes tell', async () =>
          metrics && inDoubt.some(({ ready }) => !ready)
            ? gpuFaults(metrics, namespace, nodes, new Set(pods.map((pod) => pod.name)), deadline.signal)
            : [],
        ),
        read(`what scales ${namespace}/${name}`, async () => (workload === null ? null : scalingOf(target, deadline))),
        read('the room for more of its pods', async () =>
          pods.every(({ ready }) => ready) ? roomSeen(core, namespace, pods, options) : null,
        ),
        read('what its newest release refers to', () => referencesSeen(core, namespace, needed, options)),
        read('where its pods could go', async () => (homeless ? placesSeen(core, namespace, homeless.name, options) : null)),
        read('what bounds its memory', async () => (killed ? memoryBounds(core, objects, target, options) : null)),
        read('how its memory grew', async () =>
          killed && metrics
            ? memoryTrend(
                metrics,
                namespace,
                killed,
                pods.map((pod) => pod.name),
                deadline.signal,
              )
            : null,
        ),
        networkOf(target, evidence, read, options),
      ]);
      return {
        events,
        nodes: nodesRead,
        gpuFaults: gpus,
        scaling,
        room,
        references,
        places,
        memoryBounds: bounds,
        memoryTrend: trend,
        golden: QUIET_CONTEXT.golden,
        ...network,
      };
    } finally {
      deadline.end();
    }
  };
}

/** Reads the piece that tells what scales a target, alone. It never fails. */
export function scalingAlone(config: KubeConfig, metrics: Metrics | null): Cluster['readScaling'] {
  const scalingOf = scalingReader(config, metrics);
  return async (target, evidence) => {
    const deadline = openDeadline(ANSWER_MS_MAX);
    const workload = servingWorkload(evidence);
    try {
      return await reading(`what scales ${target.namespace}/${target.name}`, deadline, async () =>
        workload === null ? null : scalingOf(target, deadline),
      );
    } finally {
      deadline.end();
    }
  };
}
