import { BatchV1Api, CoreV1Api, CustomObjectsApi, type KubeConfig } from '@kubernetes/client-node';
import { podsOf } from '../../incident/change.ts';
import { isPipelineKind, type Target, type TargetKind } from '../../incident/target.ts';
import type { Cluster, PipelineClient, TargetClient } from '../cluster.ts';
import { Refused } from '../failures.ts';
import { withOutside } from '../outside.ts';
import { markPromotions, promotionsSeen } from '../registries/promotions.ts';
import { goldenAsker } from '../serving/ask-pods.ts';
import { goldenReader } from '../serving/golden-reader.ts';
import type { Systems } from '../systems.ts';
import { contextReader, scalingAlone } from './context.ts';
import { displacedPodsIn } from './displaced-pods.ts';
import { eventWriter } from './events.ts';
import { evictPods } from './evict-pod.ts';
import { type KindClients, kindClients } from './kind-clients.ts';
import { nodeLeaver } from './leave-node.ts';
import { changeNetworkPolicy } from './network-policies.ts';
import { ownerClimber } from './owners.ts';
import { trainingRun, trainingSeen } from './quality/training.ts';
import { qualityReader } from './quality.ts';
import { scale } from './scale.ts';
import { surroundingsReader } from './surroundings.ts';
import { resourceTypeOf } from './target-types.ts';

/** A Kubernetes cluster as the configuration reaches it, and what is configured beside it. */
export function kubernetesCluster(config: KubeConfig, systems: Systems): Cluster {
  const { registries, metrics } = systems;
  const core = config.makeApiClient(CoreV1Api);
  const leaveNode = nodeLeaver(config);
  const objects = config.makeApiClient(CustomObjectsApi);
  const batch = config.makeApiClient(BatchV1Api);
  const { servers, pipelines } = kindClients(config, systems);
  const cluster: Cluster = {
    observe: async (target) => (isPipelineKind(target.kind) ? pipelineOf(pipelines, target) : serverOf(servers, target)).observe(target),
    async apply(target, change, bound, options) {
      switch (change.kind) {
        case 'furtherRun':
        case 'sameRun':
          return pipelineOf(pipelines, target).retry(target, change, bound, options);
        case 'schedule':
          return pipelineOf(pipelines, target).pause(target, change, bound, options);
        case 'node':
          return leaveNode(target.namespace, change, options);
        case 'pod':
          return evictPods(core, target.namespace, podsOf(change), options);
        case 'replicas':
          return scale(objects, target.namespace, change, bound, options);
        case 'networkPolicy':
          return changeNetworkPolicy(objects, resourceTypeOf(target.kind), target, change, bound, options);
        case 'promotions':
          return markPromotions(registries, change, options);
        case 'training': {
          const run = trainingRun(change, options.key);
          const trainer = { ...target, ...run.of };
          return pipelineOf(pipelines, trainer).retry(trainer, run.change, run.bound, options);
        }
        default:
          return serverOf(servers, target).apply(target, change, bound, options);
      }
    },
    readContext: contextReader(config, metrics),
    readScaling: scalingAlone(config, metrics),
    askGolden: goldenReader(goldenAsker(config)),
    readQuality: qualityReader(config, metrics),
    seeBeside: ({ namespace }, change, key) =>
      change.kind === 'promotions' ? promotionsSeen(registries, change) : trainingSeen(batch, namespace, change, key),
    topmostOwner: ownerClimber(config),
    displacedPods: displacedPodsIn(config),
    recordEvent: eventWriter(config),
    ...surroundingsReader(config, systems),
  };
  return withOutside(cluster, systems.outside);
}

/** @throws Refused where what is there for pods is asked of a pipeline */
function serverOf(servers: KindClients['servers'], { kind, name }: Target): TargetClient {
  const client = (servers as Partial<Record<TargetKind, TargetClient>>)[kind];
  if (client === undefined) throw new Refused(`A ${kind} has no pods and no model that could be changed; ${name} is left as it is.`);
  return client;
}

/** @throws Refused where runs are asked of what has none */
function pipelineOf(pipelines: KindClients['pipelines'], { kind, name }: Target): PipelineClient {
  const client = (pipelines as Partial<Record<TargetKind, PipelineClient>>)[kind];
  if (client === undefined) throw new Refused(`A ${kind} has no runs; ${name} is left as it is.`);
  return client;
}
