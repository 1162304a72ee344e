import { CoreV1Api, type KubeConfig, type V1Node, VersionApi } from '@kubernetes/client-node';
import type { Change } from '../../../incident/change.ts';
import type { Surroundings } from '../../../incident/surroundings.ts';
import { knownRegistry } from '../../registries/choose-registry.ts';
import type { Registries } from '../../registries/model-registry.ts';
import type { Systems } from '../../systems.ts';
import { asClusterFailure } from '../api-failures.ts';
import { abortedBy, type Deadline } from '../deadline.ts';
import { reading } from '../reading.ts';
import { nodesState } from './nodes-state.ts';
import { serverTime } from './server-time.ts';

/** What stands around a plan, whatever its target is. */
export type BesideTarget = Omit<Surroundings, 'object' | 'namespace' | 'replicas'>;

/** Reads what is no matter of the target's own. @param nodes where they are read already, for another piece */
export function besideReader(config: KubeConfig, { metrics, registries }: Pick<Systems, 'metrics' | 'registries'>) {
  const version = config.makeApiClient(VersionApi);
  const core = config.makeApiClient(CoreV1Api);
  return async (change: Change, deadline: Deadline, nodes?: () => Promise<readonly V1Node[]>): Promise<BesideTarget> => {
    const readAtMs = Date.now();
    const read = <T>(what: string, call: () => Promise<T>) => reading(what, deadline, call);
    const all = nodes ?? (async () => (await asClusterFailure('the nodes', () => core.listNode({}, abortedBy(deadline)))).items);
    const [apiServerMs, nodesRead, metricsAnswer, registry] = await Promise.all([
      read("the API server's clock", () => serverTime(version, abortedBy(deadline))),
      read('the nodes', async () => nodesState(await all(), change)),
      metrics && read('Prometheus', () => metrics.check(deadline.signal).then((): true => true)),
      leansOnRegistry(change) ? read('the model registry', () => registryTellsOf(registries, change)) : null,
    ]);
    return { readAtMs, apiServerMs, nodes: nodesRead, metrics: metricsAnswer, registry };
  };
}

type LeaningOnRegistry = Extract<Change, { readonly kind: 'modelVersion' | 'promotions' }>;

/** A version that no registry tells of was taken from our own record. */
function leansOnRegistry(change: Change): change is LeaningOnRegistry {
  return change.kind === 'promotions' || (change.kind === 'modelVersion' && change.registry !== null);
}

/** @throws a sentence when it does not tell of the model. */
async function registryTellsOf(registries: Registries, { registry, model }: LeaningOnRegistry): Promise<true> {
  const known = knownRegistry(registries, registry);
  if ((await known.readModel(model)) === null) throw new Error(`The registry ${known.name} knows no model "${model}".`);
  return true;
}
