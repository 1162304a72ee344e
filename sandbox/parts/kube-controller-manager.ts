import { join } from 'node:path';
import { adminKubeconfigPath } from '../kubeconfig.ts';
import { apply, readManifests } from '../manifests.ts';
import { answers } from '../readiness.ts';
import { loopback } from '../site.ts';
import type { Part } from './part.ts';

const METRICS = join(import.meta.dirname, '..', 'autoscaling', 'external-metrics.yaml');

export const kubeControllerManager: Part = {
  name: 'kube-controller-manager',
  after: ['kube-apiserver'],
  obtain: ({ program }) => program('kube-controller-manager'),
  run(site) {
    const { ports, credentials } = site;
    const url = loopback(ports['kube-controller-manager'], 'https');
    return {
      args: [
        ...[`--kubeconfig=${adminKubeconfigPath(site)}`, '--leader-elect=false'],
        ...['--bind-address=127.0.0.1', `--secure-port=${ports['kube-controller-manager']}`],
        ...[`--tls-cert-file=${credentials.servingCertFile}`, `--tls-private-key-file=${credentials.servingKeyFile}`],
        ...[`--service-account-private-key-file=${credentials.serviceAccountKeyFile}`, `--root-ca-file=${credentials.servingCertFile}`],
        // Else it makes a folder below /usr.
        `--flex-volume-plugin-dir=${join(site.dataDir, 'volume-plugins')}`,
        // By itself it asks twenty times a second, and a burst of two thousand releases would take it an hour.
        ...['--kube-api-qps=500', '--kube-api-burst=1000', '--concurrent-deployment-syncs=20', '--concurrent-replicaset-syncs=20'],
        // Each controller as its own ServiceAccount, so that the audit log tells them apart.
        '--use-service-account-credentials=true',
      ],
      address: url,
      isReady: () => answers(`${url}/healthz`, { authorityFile: credentials.servingCertFile }),
    };
  },
  // Else none of its autoscalers could measure anything.
  setUp: (site) => apply(site, readManifests(METRICS)),
};
