import type { KubeConfig } from '@kubernetes/client-node';
import type { TargetKind } from '../../incident/target.ts';
import type { Cluster, TargetClient } from '../cluster.ts';
import type { Metrics } from '../prometheus/prometheus.ts';
import type { ModelRegistry } from '../registries/model-registry.ts';
import { inferenceServiceClient } from '../serving/inference-services.ts';
import { deploymentClient } from './deployments.ts';
import { displacedPodsIn } from './displaced-pods.ts';
import { eventWriter } from './events.ts';
import { nodeZones } from './node-zones.ts';
import { ownerClimber } from './owners.ts';
import { surroundingsReader } from './surroundings.ts';

/**
 * A Kubernetes cluster as the configuration reaches it; the registry tells the versions of what its model servers serve, and the
 * metrics are asked whether anybody could see a failure. Null where none is configured.
 */
export function kubernetesCluster(config: KubeConfig, registry: ModelRegistry | null, metrics: Metrics | null): Cluster {
  const zones = nodeZones(config);
  const clients: Readonly<Record<TargetKind, TargetClient>> = {
    Deployment: deploymentClient(config, zones),
    InferenceService: inferenceServiceClient(config, registry, zones),
  };
  return {
    observe: (target) => clients[target.kind].observe(target),
    apply: (target, change, bound, options) => clients[target.kind].apply(target, change, bound, options),
    topmostOwner: ownerClimber(config),
    displacedPods: displacedPodsIn(config),
    recordEvent: eventWriter(config),
    readSurroundings: surroundingsReader(config, { registry, metrics }),
  };
}
