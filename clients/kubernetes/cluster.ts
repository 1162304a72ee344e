import { BatchV1Api, CoreV1Api, CustomObjectsApi, type KubeConfig } from '@kubernetes/client-node';
import { type OwnChange, podsOf } from '../../incident/change.ts';
import type { Target, TargetKind } from '../../incident/target.ts';
import type { Cluster, TargetClient } from '../cluster.ts';
import type { Metrics } from '../prometheus/prometheus.ts';
import type { ModelRegistry } from '../registries/model-registry.ts';
import { markPromotions, promotionsSeen } from '../registries/promotions.ts';
import { inferenceServiceClient } from '../serving/inference-services.ts';
import { contextReader, scalingAlone } from './context.ts';
import { displacedPodsIn } from './displaced-pods.ts';
import { eventWriter } from './events.ts';
import { evictPods } from './evict-pod.ts';
import { runMaker } from './jobs/make-run.ts';
import { cronJobObserver, jobObserver } from './jobs/observe-jobs.ts';
import { scheduleSetter } from './jobs/set-schedule.ts';
import { nodeLeaver } from './leave-node.ts';
import { changeNetworkPolicy } from './network-policies.ts';
import { nodeZones } from './node-zones.ts';
import { ownerClimber } from './owners.ts';
import { trainingRun, trainingSeen } from './quality/training.ts';
import { qualityReader } from './quality.ts';
import { scale } from './scale.ts';
import { surroundingsReader } from './surroundings.ts';
import { RESOURCE_TYPES } from './target-types.ts';
import { workloadClient } from './workloads.ts';

/**
 * A Kubernetes cluster as the configuration reaches it; the registry tells the versions of what its model servers serve, and the
 * metrics are asked whether anybody could see a failure. Null where none is configured.
 */
export function kubernetesCluster(config: KubeConfig, registry: ModelRegistry | null, metrics: Metrics | null): Cluster {
  const core = config.makeApiClient(CoreV1Api);
  const leaveNode = nodeLeaver(config);
  const objects = config.makeApiClient(CustomObjectsApi);
  const batch = config.makeApiClient(BatchV1Api);
  const zones = nodeZones(config);
  const setRun = runMaker(config);
  const setSchedule = scheduleSetter(config);
  const clients: Readonly<Record<TargetKind, TargetClient>> = {
    Deployment: workloadClient(config, 'Deployment', zones),
    StatefulSet: workloadClient(config, 'StatefulSet', zones),
    DaemonSet: workloadClient(config, 'DaemonSet', zones),
    InferenceService: inferenceServiceClient(config, registry, zones),
    Job: { observe: jobObserver(config, zones), apply: hasNoSuch },
    CronJob: { observe: cronJobObserver(config, zones), apply: hasNoSuch },
  };
  return {
    observe: (target) => clients[target.kind].observe(target),
    apply(target, change, bound, options) {
      switch (change.kind) {
        case 'jobRun':
          return setRun(target, change, bound, options);
        case 'schedule':
          return setSchedule(target, change, bound, options);
        case 'node':
          return leaveNode(target.namespace, change, options);
        case 'pod':
          return evictPods(core, target.namespace, podsOf(change), options);
        case 'replicas':
          return scale(objects, target.namespace, change, bound, options);
        case 'networkPolicy':
          return changeNetworkPolicy(objects, RESOURCE_TYPES[target.kind], target, change, bound, options);
        case 'promotions':
          return markPromotions(registry, change, options);
        case 'training': {
          const run = trainingRun(change, options.key);
          return setRun({ ...target, ...run.of }, run.change, run.bound, options);
        }
        default:
          return clients[target.kind].apply(target, change, bound, options);
      }
    },
    readContext: contextReader(config, metrics),
    readScaling: scalingAlone(config, metrics),
    readQuality: qualityReader(config, metrics),
    seeBeside: ({ namespace }, change, key) =>
      change.kind === 'promotions' ? promotionsSeen(registry, change) : trainingSeen(batch, namespace, change, key),
    topmostOwner: ownerClimber(config),
    displacedPods: displacedPodsIn(config),
    recordEvent: eventWriter(config),
    readSurroundings: surroundingsReader(config, { registry, metrics }),
  };
}

/** A pod template of a Job cannot be changed, and that of a CronJob is a person's matter. */
async function hasNoSuch({ kind, name }: Target, change: OwnChange): Promise<never> {
  throw new Error(`A ${kind} cannot be changed by a change of ${change.kind}; ${name} is left as it is.`);
}
