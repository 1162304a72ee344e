import { CoreV1Api, type KubeConfig } from '@kubernetes/client-node';
import type { Context } from '../../incident/context.ts';
import { type Evidence, servingWorkload } from '../../incident/evidence.ts';
import type { Target } from '../../incident/target.ts';
import { warningsAbout } from './context/events.ts';
import { nodesSeen } from './context/nodes.ts';
import { abortedBy, openDeadline } from './deadline.ts';
import { reading } from './reading.ts';

const ANSWER_MS_MAX = 5_000;

/** Reads what stands around a target that is not well, all pieces at once. It never fails: what cannot be read is told as such. */
export function contextReader(config: KubeConfig) {
  const core = config.makeApiClient(CoreV1Api);
  return async ({ namespace, name }: Target, evidence: Evidence): Promise<Context> => {
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
      const [events, nodesRead] = await Promise.all([
        read(`the events of namespace ${namespace}`, () => warningsAbout(core, namespace, named, options)),
        read('the nodes of its pods', () => nodesSeen(core, nodes, new Set(pods.map(({ uid }) => uid)), options)),
      ]);
      return { events, nodes: nodesRead };
    } finally {
      deadline.end();
    }
  };
}
