import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ApiException, CustomObjectsApi, type KubeConfig } from '@kubernetes/client-node';
import { type CustomResourceDefinition, readManifests } from '../../../sandbox/manifests.ts';
import { until } from '../../until.ts';

const DEFINITIONS = { group: 'apiextensions.k8s.io', version: 'v1', plural: 'customresourcedefinitions' };

/** The definitions as the makers publish them in their Go modules, which are fetched where they are not there. */
const PUBLISHED = [
  ['github.com/kserve/kserve@v0.20.0', 'config/crd/full/serving.kserve.io_inferenceservices.yaml'],
  ['github.com/kserve/kserve@v0.20.0', 'config/crd/full/llmisvc/serving.kserve.io_llminferenceservices.yaml'],
  ['github.com/argoproj/argo-rollouts@v1.8.3', 'manifests/crds/rollout-crd.yaml'],
] as const;

/** Written by hand, since Seldon publishes none in a package: only the fields that are used, and whatever else is given. */
const SELDON: CustomResourceDefinition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'models.mlops.seldon.io' },
  spec: {
    group: 'mlops.seldon.io',
    scope: 'Namespaced',
    names: { kind: 'Model', listKind: 'ModelList', plural: 'models', singular: 'model' },
    versions: [
      {
        name: 'v1alpha1',
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                required: ['storageUri'],
                properties: {
                  storageUri: { type: 'string' },
                  artifactVersion: { type: 'integer', format: 'int32' },
                  replicas: { type: 'integer', format: 'int32' },
                },
              },
              status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
            },
          },
        },
      },
    ],
  } as unknown as CustomResourceDefinition['spec'],
};

/** Defines the kinds of model servers that no controller of the sandbox brings, and waits until the API server serves them. */
export async function defineModelServers(admin: KubeConfig): Promise<void> {
  const objects = admin.makeApiClient(CustomObjectsApi);
  const published = await Promise.all(PUBLISHED.map(async ([module, path]) => readManifests(join(await folderOf(module), path))));
  const definitions = [...(published.flat() as CustomResourceDefinition[]), SELDON];
  for (const body of definitions) await objects.createClusterCustomObject({ ...DEFINITIONS, body });
  for (const { spec } of definitions) {
    const { plural } = spec.names as unknown as { readonly plural: string };
    const version = spec.versions.find(({ served }) => served)?.name ?? '';
    const list = () => objects.listCustomObjectForAllNamespaces({ group: spec.group, version, resourcePlural: plural });
    await until(`${plural} are served`, async () => list().then(() => true, isNotServed));
  }
}

function isNotServed(error: unknown): false {
  if (error instanceof ApiException) return false;
  throw error;
}

async function folderOf(module: string): Promise<string> {
  const { stdout } = await promisify(execFile)('go', ['mod', 'download', '-json', module]);
  return JSON.parse(stdout).Dir;
}
