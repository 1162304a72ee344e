import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { ApiextensionsV1Api, KubernetesObjectApi, PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import { parseAllDocuments } from 'yaml';
import { asAdmin } from './kubeconfig.ts';
import type { Site } from './site.ts';

const FIELD_MANAGER = 'sandbox';
const SERVED_MS_MAX = 30_000;
const SERVED_LOOK_EVERY_MS = 200;

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly [field: string]: unknown;
}

export interface CustomResourceDefinition extends Manifest {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly { readonly name: string; readonly served: boolean }[];
  };
}

/** The objects of a YAML file. */
export function readManifests(path: string): Manifest[] {
  return parseAllDocuments(readFileSync(path, 'utf8')).flatMap((document) => (document.contents ? [document.toJS() as Manifest] : []));
}

/** Applies objects in their order, on the server's side: what is there already becomes as they say. */
export async function apply(site: Pick<Site, 'dataDir'>, manifests: readonly Manifest[]): Promise<void> {
  const objects = KubernetesObjectApi.makeApiClient(asAdmin(site));
  for (const manifest of manifests) await objects.patch(manifest, undefined, undefined, FIELD_MANAGER, true, PatchStrategy.ServerSideApply);
}

/**
 * Defines custom resources, and waits until the API server serves them.
 * @throws when it does not within half a minute.
 */
export async function define(site: Pick<Site, 'dataDir'>, definitions: readonly CustomResourceDefinition[]): Promise<void> {
  const extensions = asAdmin(site).makeApiClient(ApiextensionsV1Api);
  const serverSide = setHeaderOptions('Content-Type', PatchStrategy.ServerSideApply);
  // Not `apply`: that goes through the client's types, which lose the fields of a schema that begin with `x-kubernetes-`.
  for (const body of definitions) {
    await extensions.patchCustomResourceDefinition(
      { name: body.metadata.name, body, fieldManager: FIELD_MANAGER, force: true },
      serverSide,
    );
  }
  const deadline = Date.now() + SERVED_MS_MAX;
  for (const definition of definitions) {
    while (!(await isServed(site, definition))) {
      if (Date.now() > deadline) throw new Error(`The API server did not come to serve ${definition.metadata.name}.`);
      await pause(SERVED_LOOK_EVERY_MS);
    }
  }
}

async function isServed(site: Pick<Site, 'dataDir'>, { spec: { group, names, versions } }: CustomResourceDefinition): Promise<boolean> {
  // A client asks once which kinds there are, and keeps the answer.
  const objects = KubernetesObjectApi.makeApiClient(asAdmin(site));
  return objects.list(`${group}/${versions.find(({ served }) => served)?.name}`, names.kind).then(
    () => true,
    () => false,
  );
}
