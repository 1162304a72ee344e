import { adminKubeconfigPath } from '../kubeconfig.ts';
import { apply, define, type Manifest } from '../manifests.ts';
import { takenManifests, withManifests } from '../module-manifests.ts';
import { answers } from '../readiness.ts';
import { loopback, type Site, writeConfig } from '../site.ts';
import { placeCertificate, webhooksAt } from '../webhooks.ts';
import type { Part } from './part.ts';

/** Turns JobSets, which Trainer makes, into Jobs. */
export const jobset: Part = {
  name: 'jobset',
  after: ['kube-apiserver'],
  optional: true,
  obtain: withManifests({
    owner: 'jobset',
    pins: 'trainer',
    module: 'sigs.k8s.io/jobset',
    definitions: ['config/components/crd/bases'],
    webhooks: ['config/components/webhook/manifests.yaml'],
  }),
  async run(site, program) {
    const { definitions, webhooks } = takenManifests(program);
    const address = loopback(site.ports['jobset-webhooks'], 'https');
    await define(site, 'jobset', definitions);
    await apply(site, webhooksAt(address, 'jobset', site, webhooks.map(withoutPods)));
    const health = `127.0.0.1:${site.ports['jobset-health']}`;
    return {
      args: [`--config=${configuration(site, health)}`],
      env: { KUBECONFIG: adminKubeconfigPath(site), TMPDIR: placeCertificate(site, 'jobset') },
      address,
      isReady: () => answers(`http://${health}/readyz`),
    };
  },
};

function configuration(site: Site, health: string): string {
  return writeConfig(site, 'jobset.json', {
    apiVersion: 'config.jobset.x-k8s.io/v1alpha1',
    kind: 'Configuration',
    leaderElection: { leaderElect: false },
    internalCertManagement: { enable: false },
    health: { healthProbeBindAddress: health },
    metrics: { bindAddress: '0' },
    webhook: { host: '127.0.0.1', port: site.ports['jobset-webhooks'] },
  });
}

/** It is asked about every pod otherwise, though it places pods only for JobSets that want a rack of their own. */
function withoutPods(configuration: Manifest): Manifest {
  const webhooks = configuration.webhooks as readonly { readonly rules: readonly { readonly resources: readonly string[] }[] }[];
  return { ...configuration, webhooks: webhooks.filter(({ rules }) => rules.every(({ resources }) => !resources.includes('pods'))) };
}
