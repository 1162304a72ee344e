import { CoreV1Api, type KubeConfig } from '@kubernetes/client-node';
import type { Context } from '../../incident/context.ts';
import { type Evidence, servingWorkload } from '../../incident/evidence.ts';
import type { Target } from '../../incident/target.ts';
import type { Cluster } from '../cluster.ts';
import type { Metrics } from '../prometheus/prometheus.ts';
import { warningsAbout } from './context/events.ts';
import { nodesSeen } from './context/nodes.ts';
import { roomSeen } from './context/room.ts';
import { scalingReader } from './context/scaling.ts';
import { abortedBy, openDeadline } from './deadline.ts';
import { reading } from './reading.ts';

const ANSWER_MS_MAX = 5_000;

/** Reads what stands around a target that is not well, all pieces at once. It never fails: what cannot be read is told as such. */
export function contextReader(config: KubeConfig, metrics: Metrics | null) {
  const core = config.makeApiClient(CoreV1Api);
  const scalingOf = scalingReader(config, metrics);
  return async (target: Target, evidence: Evidence): Promise<Context> => {
    const { namespace, name } = target;
    const deadline = openDeadline(ANSWER_MS_MAX);
    const options = abortedBy(deadline);
    const read = <T>(what: string, call: () => Promise<T>) => reading(what, deadline, call);
    const isRun = evidence.kind === 'Job' || evidence.kind === 'CronJob';
    const workload = servingWorkload(evidence);
    const pods = isRun ? evidence.pods : (workload?.pods ?? []);
    const owned = isRun ? evidence.runs.map((run) => run.name) : (workload?.releases ?? []).map(({ replicaSet }) => replicaSet);
    const named = new Set([name, ...pods.map((pod) => pod.name), ...owned]);
    // Those of pods that are not ready first: where there are many, the others are left out.
    const inDoubt = [...pods].sort((one, other) => Number(one.ready) - Number(other.ready));
    const nodes = [...new Set(inDoubt.flatMap(({ node }) => node ?? []))];
    try {
      const [events, nodesRead, scaling, room] = await Promise.all([
        read(`the events of namespace ${namespace}`, () => warningsAbout(core, namespace, named, options)),
        read('the nodes of its pods', () => nodesSeen(core, nodes, new Set(pods.map(({ uid }) => uid)), options)),
        read(`what scales ${namespace}/${name}`, async () => (workload === null ? null : scalingOf(target, deadline))),
        read('the room for more of its pods', async () =>
          pods.every(({ ready }) => ready) ? roomSeen(core, namespace, pods, options) : null,
        ),
      ]);
      return { events, nodes: nodesRead, scaling, room };
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
