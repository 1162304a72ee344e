import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { webhooks } from '../kserve/webhooks.ts';
import { adminKubeconfigPath } from '../kubeconfig.ts';
import { apply, define, readManifests } from '../manifests.ts';
import { takenManifests, withManifests } from '../module-manifests.ts';
import { answers } from '../readiness.ts';
import { loopback } from '../site.ts';
import { placeCertificate } from '../webhooks.ts';
import type { Part } from './part.ts';

const PLATFORM = join(import.meta.dirname, '..', 'kserve', 'platform.yaml');

/** Turns InferenceServices into Deployments. */
export const kserve: Part = {
  name: 'kserve',
  after: ['kube-apiserver'],
  obtain: withManifests({
    owner: 'kserve',
    pins: 'kserve',
    module: 'github.com/kserve/kserve',
    definitions: ['config/crd/full'],
  }),
  async run(site, program) {
    const { ports, credentials } = site;
    await define(site, 'kserve', takenManifests(program).definitions);
    await apply(site, readManifests(PLATFORM));
    await apply(site, webhooks(loopback(ports['kserve-webhooks'], 'https'), readFileSync(credentials.servingCertFile)));
    const health = `127.0.0.1:${ports['kserve-health']}`;
    return {
      // Its webhooks listen on every address, which it lets nobody change; they only complete and check what they are sent.
      args: ['--metrics-addr=0', `--webhook-port=${ports['kserve-webhooks']}`, `--health-probe-addr=${health}`],
      env: { KUBECONFIG: adminKubeconfigPath(site), TMPDIR: placeCertificate(site, 'kserve') },
      address: loopback(ports['kserve-webhooks'], 'https'),
      isReady: () => answers(`http://${health}/readyz`),
    };
  },
};
