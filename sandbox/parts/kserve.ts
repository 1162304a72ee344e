import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { obtainCustomResources, readCustomResources } from '../kserve/custom-resources.ts';
import { webhooks } from '../kserve/webhooks.ts';
import { adminKubeconfigPath } from '../kubeconfig.ts';
import { apply, define, readManifests } from '../manifests.ts';
import { answers } from '../readiness.ts';
import { loopback, type Site } from '../site.ts';
import type { Part } from './part.ts';

const PLATFORM = join(import.meta.dirname, '..', 'kserve', 'platform.yaml');

/** Turns InferenceServices into Deployments. */
export const kserve: Part = {
  name: 'kserve',
  after: ['kube-apiserver'],
  async obtain(from) {
    const program = await from.program('kserve');
    await obtainCustomResources(dirname(program), from.progress);
    return program;
  },
  async run(site, program) {
    const { ports, credentials } = site;
    await define(site, readCustomResources(dirname(program)));
    await apply(site, readManifests(PLATFORM));
    await apply(site, webhooks(loopback(ports['kserve-webhooks'], 'https'), readFileSync(credentials.servingCertFile)));
    const health = `127.0.0.1:${ports['kserve-health']}`;
    return {
      // Its webhooks listen on every address, which it lets nobody change; they only complete and check what they are sent.
      args: ['--metrics-addr=0', `--webhook-port=${ports['kserve-webhooks']}`, `--health-probe-addr=${health}`],
      env: { KUBECONFIG: adminKubeconfigPath(site), TMPDIR: placeCertificate(site) },
      address: loopback(ports['kserve-webhooks'], 'https'),
      isReady: () => answers(`http://${health}/readyz`),
    };
  },
};

/** Puts the webhooks' certificate where the controller looks for it: below the folder for temporary files, which this gives. */
function placeCertificate({ dataDir, credentials }: Site): string {
  const temporary = join(dataDir, 'kserve');
  const folder = join(temporary, 'k8s-webhook-server', 'serving-certs');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  copyFileSync(credentials.servingCertFile, join(folder, 'tls.crt'));
  copyFileSync(credentials.servingKeyFile, join(folder, 'tls.key'));
  return temporary;
}
