import { type KubeConfig, VersionApi } from '@kubernetes/client-node';
import type { Surroundings } from '../../incident/surroundings.ts';
import { targetText } from '../../incident/target.ts';
import { type Cluster, TargetGone } from '../cluster.ts';
import type { Metrics } from '../prometheus/prometheus.ts';
import type { ModelRegistry } from '../registries/model-registry.ts';
import { abortedBy, openDeadline } from './deadline.ts';
import { reading } from './reading.ts';
import { nodesState } from './surroundings/nodes-state.ts';
import { seeNamespace, seeObject, seeReplicas } from './surroundings/pieces.ts';
import { serverTime } from './surroundings/server-time.ts';
import { sourceOf } from './surroundings/source.ts';

const ANSWER_MS_MAX = 5_000;

/** What is looked at beside the cluster itself. */
export interface Beside {
  /** Null where none is configured. */
  readonly metrics: Metrics | null;
  readonly registry: ModelRegistry | null;
  /** How long each piece is waited for; 5 s by default. */
  readonly answerMsMax?: number;
}

/** Reads what stands around a plan, all pieces at once. */
export function surroundingsReader(
  config: KubeConfig,
  { metrics, registry, answerMsMax = ANSWER_MS_MAX }: Beside,
): Cluster['readSurroundings'] {
  const sourceAround = sourceOf(config);
  const version = config.makeApiClient(VersionApi);
  return async (target, { change }): Promise<Surroundings> => {
    const readAtMs = Date.now();
    const deadline = openDeadline(answerMsMax);
    const source = sourceAround(target, deadline);
    const text = targetText(target);
    const read = <T>(what: string, call: () => Promise<T>) => reading(what, deadline, call);
    try {
      const [apiServerMs, object, namespace, nodes, replicas, metricsAnswer, registryAnswers] = await Promise.all([
        read("the API server's clock", () => serverTime(version, abortedBy(deadline))),
        read(text, () => seeObject(target, source)),
        read(`namespace ${target.namespace}`, () => seeNamespace(source)),
        read('the nodes', async () => nodesState(await source.nodes(), change)),
        read(`the pods of ${text}`, () => seeReplicas(target, change, source)),
        metrics && read('Prometheus', () => metrics.check(deadline.signal).then((): true => true)),
        change.kind === 'modelVersion' || change.kind === 'promotions'
          ? read('the model registry', () => registryTellsOf(registry, change.model))
          : null,
        deadline.orLate(source.target()).catch(throwIfGone),
      ]);
      return { readAtMs, apiServerMs, object, namespace, nodes, replicas, metrics: metricsAnswer, registry: registryAnswers };
    } finally {
      deadline.end();
    }
  };
}

/** @throws a sentence when it does not tell of the model. */
async function registryTellsOf(registry: ModelRegistry | null, model: string): Promise<true> {
  if (registry === null) throw new Error('No model registry is configured; set PARAMEDIC_MLFLOW_URL.');
  if ((await registry.readModel(model)) === null) throw new Error(`The registry knows no model "${model}".`);
  return true;
}

function throwIfGone(error: unknown): void {
  if (error instanceof TargetGone) throw error;
}
