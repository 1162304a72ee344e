import { adminKubeconfigPath } from '../kubeconfig.ts';
import { apply, define } from '../manifests.ts';
import { takenManifests, withManifests } from '../module-manifests.ts';
import { answers } from '../readiness.ts';
import { loopback } from '../site.ts';
import { placeCertificate, webhooksAt } from '../webhooks.ts';
import type { Part } from './part.ts';

/** It waits until it has put a certificate of its own there; the one that is used is the sandbox's. */
const CERTIFICATE = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kubeflow' } },
  { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'training-operator-webhook-cert', namespace: 'kubeflow' } },
];

/** Kubeflow's earlier operator: turns PyTorchJobs into pods. Of other jobs it knows nothing here. */
export const trainingOperator: Part = {
  name: 'training-operator',
  after: ['kube-apiserver'],
  optional: true,
  obtain: withManifests({
    owner: 'training-operator',
    pins: 'training-operator',
    module: 'github.com/kubeflow/training-operator',
    definitions: ['manifests/base/crds/kubeflow.org_pytorchjobs.yaml'],
    webhooks: ['manifests/base/webhook/manifests.yaml'],
  }),
  async run(site, program) {
    const { definitions, webhooks } = takenManifests(program);
    const port = site.ports['training-operator-webhooks'];
    const address = loopback(port, 'https');
    await define(site, 'training-operator', definitions);
    await apply(site, [...CERTIFICATE, ...webhooksAt(address, 'training-operator', site, webhooks)]);
    const health = `127.0.0.1:${site.ports['training-operator-health']}`;
    return {
      // Its webhooks listen on every address, as KServe's do.
      args: [
        '--enable-scheme=pytorchjob',
        `--webhook-server-port=${port}`,
        '--metrics-bind-address=0',
        `--health-probe-bind-address=${health}`,
      ],
      env: { KUBECONFIG: adminKubeconfigPath(site), TMPDIR: placeCertificate(site, 'training-operator') },
      address,
      isReady: () => answers(`http://${health}/readyz`),
    };
  },
};
