import { CoreV1Api, type KubeConfig } from '@kubernetes/client-node';
import type { TargetKind } from '../../incident/target.ts';
import type { Cluster, TargetClient } from '../cluster.ts';
import type { Metrics } from '../prometheus/prometheus.ts';
import type { ModelRegistry } from '../registries/model-registry.ts';
import { inferenceServiceClient } from '../serving/inference-services.ts';
import { contextReader } from './context.ts';
import { deploymentClient } from './deployments.ts';
import { displacedPodsIn } from './displaced-pods.ts';
import { eventWriter } from './events.ts';
import { evictPod } from './evict-pod.ts';
import { nodeZones } from './node-zones.ts';
import { ownerClimber } from './owners.ts';
import { surroundingsReader } from './surroundings.ts';

/**
 * A Kubernetes cluster as the configuration reaches it; the registry tells the versions of what its model servers serve, and the
 * metrics are asked whether anybody could see a failure. Null where none is configured.
 */
export function kubernetesCluster(config: KubeConfig, registry: ModelRegistry | null, metrics: Metrics | null): Cluster {
  const core = config.makeApiClient(CoreV1Api);
  const zones = nodeZones(config);
  const clients: Readonly<Record<TargetKind, TargetClient>> = {
    Deployment: deploymentClient(config, zones),
    InferenceService: inferenceServiceClient(config, registry, zones),
  };
  return {
    observe: (target) => clients[target.kind].observe(target),
    apply(target, change, bound, options) {
      switch (change.kind) {
        case 'pod':
          return evictPod(core, target.namespace, change, options);
        default:
          return clients[target.kind].apply(target, change, bound, options);
      }
    },
    readContext: contextReader(config),
    topmostOwner: ownerClimber(config),
    displacedPods: displacedPodsIn(config),
    recordEvent: eventWriter(config),
    readSurroundings: surroundingsReader(config, { registry, metrics }),
  };
}
