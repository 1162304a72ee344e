import { readFileSync } from 'node:fs';
import { KubernetesObjectApi, PatchStrategy } from '@kubernetes/client-node';
import { parseAllDocuments } from 'yaml';
import { asAdmin } from './kubeconfig.ts';
import type { Site } from './site.ts';

type Manifest = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
};

/** The objects of a YAML file. */
export function readManifests(path: string): Manifest[] {
  return parseAllDocuments(readFileSync(path, 'utf8')).flatMap((document) => (document.contents ? [document.toJS() as Manifest] : []));
}

/** Applies objects in their order, on the server's side: what is there already becomes as they say. */
export async function apply(site: Pick<Site, 'dataDir'>, manifests: readonly Manifest[]): Promise<void> {
  const objects = KubernetesObjectApi.makeApiClient(asAdmin(site));
  for (const manifest of manifests) await objects.patch(manifest, undefined, undefined, 'sandbox', true, PatchStrategy.ServerSideApply);
}
