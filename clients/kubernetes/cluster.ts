import type { KubeConfig } from '@kubernetes/client-node';
import type { TargetKind } from '../../incident/target.ts';
import type { Cluster, TargetClient } from '../cluster.ts';
import type { ModelRegistry } from '../registries/model-registry.ts';
import { inferenceServiceClient } from '../serving/inference-services.ts';
import { deploymentClient } from './deployments.ts';
import { eventWriter } from './events.ts';
import { ownerClimber } from './owners.ts';

/** A Kubernetes cluster as the configuration reaches it; the registry tells the versions of what its model servers serve. */
export function kubernetesCluster(config: KubeConfig, registry: ModelRegistry | null): Cluster {
  const clients: Readonly<Record<TargetKind, TargetClient>> = {
    Deployment: deploymentClient(config),
    InferenceService: inferenceServiceClient(config, registry),
  };
  return {
    observe: (target) => clients[target.kind].observe(target),
    apply: (target, change, bound, options) => clients[target.kind].apply(target, change, bound, options),
    topmostOwner: ownerClimber(config),
    recordEvent: eventWriter(config),
  };
}
