import type { KubernetesObject } from '@kubernetes/client-node';
import { BROKEN_WORKLOAD_IMAGE } from '../sandbox/real-node/images.ts';
import { realInferenceService } from '../sandbox/real-node/served-models.ts';
import { realDeployment } from '../sandbox/real-node/workloads.ts';
import { brokenImage, simulatedDeployment, simulatedInferenceService } from '../sandbox/simulated-workloads.ts';

/** What the demo runs, on nodes of one kind. */
export interface DemoWorkloads {
  /** A workload that is well, and the image of a release of it that crashes. */
  readonly released: KubernetesObject;
  readonly brokenImage: string;
  /** A workload whose limit is below what it needs. */
  readonly hungry: KubernetesObject;
  modelServer(name: string, model: string, storageUri: string): KubernetesObject;
}

export const onSimulatedNodes: DemoWorkloads = {
  released: simulatedDeployment('ranker'),
  brokenImage: brokenImage('ranker'),
  hungry: simulatedDeployment('trainer', { needsMi: 200 }),
  modelServer: simulatedInferenceService,
};

export const onRealNode: DemoWorkloads = {
  released: realDeployment({ name: 'ranker', behaviour: { kind: 'ok' }, replicas: 2 }),
  brokenImage: BROKEN_WORKLOAD_IMAGE,
  hungry: realDeployment({ name: 'trainer', behaviour: { kind: 'eat', mebibytes: 100 }, memoryLimit: '64Mi' }),
  modelServer: realInferenceService,
};
