import type { KubernetesObject, V1Deployment } from '@kubernetes/client-node';

/** An object whose kind the API client has no type for. */
export type CustomObject = KubernetesObject & { readonly spec: object };

/**
 * A Deployment, of two pods where nothing else is said, that runs on the simulated nodes; it needs more memory than its limit where `needsMi`
 * says so. What crashes there is started again after ten seconds, or after what `restartsAfter` says, such as `5m`.
 */
export function simulatedDeployment(name: string, { needsMi = 0, limit = '128Mi', replicas = 2, restartsAfter = '' } = {}): V1Deployment {
  const labels = { app: name };
  const annotations = {
    'sandbox.paramedic.dev/needs-mi': String(needsMi),
    ...(restartsAfter ? { 'sandbox.paramedic.dev/restarts-after': restartsAfter } : {}),
  };
  const container = { name: 'server', image: `${name}:1`, resources: { limits: { memory: limit } } };
  const template = {
    metadata: { labels, annotations },
    spec: { containers: [container], automountServiceAccountToken: false },
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: { replicas, selector: { matchLabels: labels }, template },
  };
}

/** The image of a release that crashes on the simulated nodes. */
export function brokenImage(name: string): string {
  return `${name}:2-broken`;
}

/** A model server of two pods on the simulated nodes, for a version of a registered model. */
export function simulatedInferenceService(name: string, model: string, storageUri: string): CustomObject {
  return {
    apiVersion: 'serving.kserve.io/v1beta1',
    kind: 'InferenceService',
    metadata: {
      name,
      // Without an autoscaler of KServe's the number of replicas is the least one.
      annotations: { 'paramedic.dev/model': model, 'serving.kserve.io/autoscalerClass': 'external' },
    },
    spec: { predictor: { minReplicas: 2, model: { modelFormat: { name: 'sklearn' }, storageUri } } },
  };
}
