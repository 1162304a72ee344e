import { type AppsV1Api, PatchStrategy, setHeaderOptions, type V1Deployment } from '@kubernetes/client-node';

/** A Deployment of two pods that runs on the simulated nodes; it needs more memory than its limit where a test says so. */
export function deployment(name: string, { needsMi = 0, limit = '128Mi' } = {}): V1Deployment {
  const labels = { app: name };
  const container = { name: 'server', image: `${name}:1`, resources: { limits: { memory: limit } } };
  const template = {
    metadata: { labels, annotations: { 'sandbox.paramedic.dev/needs-mi': String(needsMi) } },
    spec: { containers: [container], automountServiceAccountToken: false },
  };
  return { metadata: { name }, spec: { replicas: 2, selector: { matchLabels: labels }, template } };
}

/** Releases another image, as a person would; one that ends with `-broken` crashes. */
export async function release(apps: AppsV1Api, namespace: string, name: string, image: string): Promise<void> {
  const body = [{ op: 'replace', path: '/spec/template/spec/containers/0/image', value: image }];
  await apps.patchNamespacedDeployment({ namespace, name, body }, setHeaderOptions('Content-Type', PatchStrategy.JsonPatch));
}
