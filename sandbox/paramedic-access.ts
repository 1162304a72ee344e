import { join } from 'node:path';
import { CoreV1Api } from '@kubernetes/client-node';
import { asAdmin, writeKubeconfig } from './kubeconfig.ts';
import { apply, readManifests } from './manifests.ts';
import type { Site } from './site.ts';

const RBAC = join(import.meta.dirname, '..', 'deploy', 'kubernetes', 'rbac.yaml');
const DAY_SECONDS = 86_400;

/** The kubeconfig with which Paramedic may do what its ServiceAccount may do, and no more. */
export function paramedicKubeconfigPath({ dataDir }: Pick<Site, 'dataDir'>): string {
  return join(dataDir, 'paramedic.kubeconfig');
}

/** Makes Paramedic's ServiceAccount with its rights, and a kubeconfig that acts as it for a day. */
export async function grantParamedic(site: Site): Promise<void> {
  await apply(site, readManifests(RBAC));
  const { status } = await asAdmin(site)
    .makeApiClient(CoreV1Api)
    .createNamespacedServiceAccountToken({
      namespace: 'paramedic',
      name: 'paramedic',
      body: { spec: { audiences: [], expirationSeconds: DAY_SECONDS } },
    });
  if (!status?.token) throw new Error('The API server gave no token for the ServiceAccount paramedic/paramedic.');
  writeKubeconfig(site, 'paramedic', status.token);
}
