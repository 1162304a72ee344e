import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest } from './manifests.ts';
import type { Site } from './site.ts';

interface Webhook {
  readonly clientConfig: { readonly service: { readonly path: string } };
}

/**
 * Has the API server ask a controller at an address, where the controller's own configurations name a Service of the cluster.
 * @param configurations ValidatingWebhookConfigurations and MutatingWebhookConfigurations as its makers publish them.
 */
export function webhooksAt(url: string, owner: string, { credentials }: Site, configurations: readonly Manifest[]): Manifest[] {
  const caBundle = readFileSync(credentials.servingCertFile).toString('base64');
  return configurations.map((configuration) => ({
    ...configuration,
    metadata: { name: `${owner}.sandbox` },
    webhooks: (configuration.webhooks as readonly Webhook[]).map((webhook) => ({
      ...webhook,
      clientConfig: { url: `${url}${webhook.clientConfig.service.path}`, caBundle },
    })),
  }));
}

/**
 * Puts the sandbox's certificate where a controller looks for its webhooks' one, below the folder for temporary files, and gives
 * that folder.
 */
export function placeCertificate({ dataDir, credentials }: Site, owner: string): string {
  const temporary = join(dataDir, owner);
  const folder = join(temporary, 'k8s-webhook-server', 'serving-certs');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  copyFileSync(credentials.servingCertFile, join(folder, 'tls.crt'));
  copyFileSync(credentials.servingKeyFile, join(folder, 'tls.key'));
  return temporary;
}
