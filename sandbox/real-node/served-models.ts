import type { Manifest } from '../manifests.ts';
import type { CustomObject } from '../simulated-workloads.ts';
import { WORKLOAD_IMAGE } from './images.ts';
import { ON_REAL_NODE, PLAIN, PORT } from './workloads.ts';

const RUNTIME = 'sandbox-real';
const MODEL_FORMAT = 'sandbox';

/**
 * The KServe runtime whose servers really run. Of the models they are given, one whose URI ends with `-missing` cannot be
 * fetched, and one whose URI ends with `-broken` cannot be loaded.
 */
export const REAL_SERVING_RUNTIME: Manifest = {
  apiVersion: 'serving.kserve.io/v1alpha1',
  kind: 'ClusterServingRuntime',
  metadata: { name: RUNTIME },
  spec: {
    supportedModelFormats: [{ name: MODEL_FORMAT, version: '1' }],
    protocolVersions: ['v1', 'v2'],
    ...ON_REAL_NODE,
    containers: [
      {
        name: 'kserve-container',
        image: WORKLOAD_IMAGE,
        imagePullPolicy: 'Never',
        args: ['model', '{{.Name}}'],
        ports: [{ containerPort: PORT, protocol: 'TCP' }],
        resources: { requests: { cpu: '10m', memory: '64Mi' }, limits: { cpu: '1', memory: '64Mi' } },
        readinessProbe: { httpGet: { path: '/v2/health/ready', port: PORT }, periodSeconds: 1 },
      },
    ],
  },
};

/** A model server of two pods on the real node, for a version of a registered model. */
export function realInferenceService(name: string, model: string, storageUri: string): CustomObject {
  return {
    apiVersion: 'serving.kserve.io/v1beta1',
    kind: 'InferenceService',
    metadata: { name, annotations: { 'paramedic.dev/model': model, 'serving.kserve.io/autoscalerClass': 'external' } },
    spec: { predictor: { ...PLAIN, minReplicas: 2, model: { modelFormat: { name: MODEL_FORMAT }, runtime: RUNTIME, storageUri } } },
  };
}
