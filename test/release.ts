import { type AppsV1Api, PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';

/** Releases another image, as a person would. */
export async function release(apps: AppsV1Api, namespace: string, name: string, image: string): Promise<void> {
  const body = [{ op: 'replace', path: '/spec/template/spec/containers/0/image', value: image }];
  await apps.patchNamespacedDeployment({ namespace, name, body }, setHeaderOptions('Content-Type', PatchStrategy.JsonPatch));
}
