import { adminKubeconfigPath } from '../kubeconfig.ts';
import { apply, define } from '../manifests.ts';
import { takenManifests, withManifests } from '../module-manifests.ts';
import { answers } from '../readiness.ts';
import { loopback, type Site, writeConfig } from '../site.ts';
import { placeCertificate, webhooksAt } from '../webhooks.ts';
import type { Part } from './part.ts';

/** Kubeflow Trainer: turns TrainJobs into JobSets. */
export const trainer: Part = {
  name: 'trainer',
  after: ['jobset'],
  optional: true,
  obtain: withManifests({
    owner: 'trainer',
    pins: 'trainer',
    module: 'github.com/kubeflow/trainer/v2',
    definitions: ['manifests/base/crds'],
    webhooks: ['manifests/base/webhook/manifests.yaml'],
  }),
  async run(site, program) {
    const { definitions, webhooks } = takenManifests(program);
    const address = loopback(site.ports['trainer-webhooks'], 'https');
    await define(site, 'trainer', definitions);
    await apply(site, webhooksAt(address, 'trainer', site, webhooks));
    const health = `127.0.0.1:${site.ports['trainer-health']}`;
    return {
      args: [`--config=${configuration(site, health)}`],
      env: { KUBECONFIG: adminKubeconfigPath(site), TMPDIR: placeCertificate(site, 'trainer') },
      address,
      isReady: () => answers(`http://${health}/readyz`),
    };
  },
};

function configuration(site: Site, health: string): string {
  return writeConfig(site, 'trainer.json', {
    apiVersion: 'config.trainer.kubeflow.org/v1alpha1',
    kind: 'Configuration',
    leaderElection: { leaderElect: false },
    certManagement: { enable: false },
    health: { healthProbeBindAddress: health, readinessEndpointName: 'readyz', livenessEndpointName: 'healthz' },
    metrics: { bindAddress: '0' },
    webhook: { host: '127.0.0.1', port: site.ports['trainer-webhooks'] },
  });
}
