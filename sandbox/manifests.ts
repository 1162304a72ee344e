import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ApiException, CustomObjectsApi, KubernetesObjectApi, PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import { parseAllDocuments } from 'yaml';
import { asAdmin } from './kubeconfig.ts';
import type { Site } from './site.ts';

const FIELD_MANAGER = 'sandbox';
const HTTP_CONFLICT = 409;
/** Those of Kubeflow are large, and there may be several parts that define theirs at once. */
const SERVED_MS_MAX = 90_000;
const SERVED_AGAIN_MS_MAX = 10_000;
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
 * Defines the custom resources of one owner, and waits until the API server serves them. Those of an earlier start are left as they are if they
 * are the same: defining them again costs the API server seconds.
 * @throws when it does not serve them within a minute and a half.
 */
export async function define(site: Pick<Site, 'dataDir'>, owner: string, definitions: readonly CustomResourceDefinition[]): Promise<void> {
  const noted = join(site.dataDir, `${owner}-custom-resources.sha256`);
  const sum = createHash('sha256').update(JSON.stringify(definitions)).digest('hex');
  const isDefined = existsSync(noted) && readFileSync(noted, 'utf8') === sum;
  if (isDefined && (await firstUnserved(site, definitions, SERVED_AGAIN_MS_MAX)) === null) return;
  await Promise.all(definitions.map((definition) => put(site, definition)));
  const unserved = await firstUnserved(site, definitions, SERVED_MS_MAX);
  if (unserved !== null) throw new Error(`The API server did not come to serve ${unserved}.`);
  writeFileSync(noted, sum);
}

/** The name of a definition that is not served in time; null when all are. */
async function firstUnserved(
  site: Pick<Site, 'dataDir'>,
  definitions: readonly CustomResourceDefinition[],
  withinMs: number,
): Promise<string | null> {
  const deadline = Date.now() + withinMs;
  for (const definition of definitions) {
    while (!(await isServed(site, definition))) {
      if (Date.now() > deadline) return definition.metadata.name;
      await pause(SERVED_LOOK_EVERY_MS);
    }
  }
  return null;
}

/** Creates a definition, or makes one that is there already as it should be. */
async function put(site: Pick<Site, 'dataDir'>, body: CustomResourceDefinition): Promise<void> {
  // Through the client's types the fields of a schema that begin with `x-kubernetes-` would get lost.
  const objects = asAdmin(site).makeApiClient(CustomObjectsApi);
  const kind = { group: 'apiextensions.k8s.io', version: 'v1', plural: 'customresourcedefinitions' };
  try {
    // Much less work for the API server than a server-side apply, which is only needed the second time.
    await objects.createClusterCustomObject({ ...kind, body, fieldManager: FIELD_MANAGER });
  } catch (error) {
    if (!(error instanceof ApiException && error.code === HTTP_CONFLICT)) throw error;
    const serverSide = setHeaderOptions('Content-Type', PatchStrategy.ServerSideApply);
    await objects.patchClusterCustomObject(
      { ...kind, name: body.metadata.name, body, fieldManager: FIELD_MANAGER, force: true },
      serverSide,
    );
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
