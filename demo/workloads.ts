import type { KubernetesObject } from '@kubernetes/client-node';
import { brokenImage, simulatedDeployment, simulatedInferenceService } from '../sandbox/simulated-workloads.ts';

/** What the demo runs, on nodes of one kind. */
export interface DemoWorkloads {
  /** A workload that is well, and the image of a release of it that crashes. */
  readonly released: KubernetesObject;
  readonly brokenImage: string;
  /** A workload whose limit is below what it needs. */
  readonly hungry: KubernetesObject;
  /** What must be there before a model can be served; null: nothing. */
  readonly runtime: KubernetesObject | null;
  modelServer(name: string, model: string, storageUri: string): KubernetesObject;
}

export const onSimulatedNodes: DemoWorkloads = {
  released: simulatedDeployment('ranker'),
  brokenImage: brokenImage('ranker'),
  hungry: simulatedDeployment('trainer', { needsMi: 200 }),
  runtime: null,
  modelServer: simulatedInferenceService,
};
