import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { loopback, type Site, writeConfig } from './site.ts';

/** The kubeconfig of somebody who may do everything in the sandbox. */
export function adminKubeconfigPath({ dataDir }: Pick<Site, 'dataDir'>): string {
  return join(dataDir, 'admin.kubeconfig');
}

/** Writes a kubeconfig into the sandbox's folder for a user who shows the token, and gives its path. It needs no other file. */
export function writeKubeconfig(site: Site, user: string, token: string): string {
  const authority = readFileSync(site.credentials.servingCertFile).toString('base64');
  const server = loopback(site.ports['kube-apiserver'], 'https');
  return writeConfig(site, `${user}.kubeconfig`, {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'sandbox',
    clusters: [{ name: 'sandbox', cluster: { server, 'certificate-authority-data': authority } }],
    users: [{ name: user, user: { token } }],
    contexts: [{ name: 'sandbox', context: { cluster: 'sandbox', user } }],
  });
}

/** The sandbox's cluster, as its administrator. */
export function asAdmin(site: Pick<Site, 'dataDir'>): KubeConfig {
  const config = new KubeConfig();
  config.loadFromFile(adminKubeconfigPath(site));
  return config;
}
