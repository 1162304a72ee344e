import type { Manifest } from '../manifests.ts';

const INFERENCE_SERVICES = {
  apiGroups: ['serving.kserve.io'],
  apiVersions: ['v1beta1'],
  operations: ['CREATE', 'UPDATE'],
  resources: ['inferenceservices'],
};
const NEW_PODS = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] };

/** Makes the API server ask the KServe controller at an address, trusting one authority (PEM). */
export function webhooks(url: string, authority: Buffer): Manifest[] {
  const webhook = (name: string, path: string, rule: object) => ({
    name: `inferenceservice.kserve-webhook-server.${name}`,
    clientConfig: { url: `${url}${path}`, caBundle: authority.toString('base64') },
    admissionReviewVersions: ['v1beta1'],
    failurePolicy: 'Fail',
    sideEffects: 'None',
    rules: [rule],
  });
  return [
    configuration('Mutating', [
      webhook('defaulter', '/mutate-serving-kserve-io-v1beta1-inferenceservice', INFERENCE_SERVICES),
      {
        // Gives the pods of an InferenceService the init container that fetches the model.
        ...webhook('pod-mutator', '/mutate-pods', NEW_PODS),
        objectSelector: { matchExpressions: [{ key: 'serving.kserve.io/inferenceservice', operator: 'Exists' }] },
        reinvocationPolicy: 'IfNeeded',
      },
    ]),
    configuration('Validating', [webhook('validator', '/validate-serving-kserve-io-v1beta1-inferenceservice', INFERENCE_SERVICES)]),
  ];
}

function configuration(kind: 'Mutating' | 'Validating', webhooks: readonly object[]): Manifest {
  const metadata = { name: 'inferenceservice.serving.kserve.io' };
  return { apiVersion: 'admissionregistration.k8s.io/v1', kind: `${kind}WebhookConfiguration`, metadata, webhooks };
}
