import { adminKubeconfigPath } from '../kubeconfig.ts';
import { answers } from '../readiness.ts';
import { loopback } from '../site.ts';
import type { Part } from './part.ts';

export const kubeScheduler: Part = {
  name: 'kube-scheduler',
  after: ['kube-apiserver'],
  obtain: ({ program }) => program('kube-scheduler'),
  run(site) {
    const { ports, credentials } = site;
    const url = loopback(ports['kube-scheduler'], 'https');
    return {
      args: [
        ...[`--kubeconfig=${adminKubeconfigPath(site)}`, '--leader-elect=false', '--kube-api-qps=500', '--kube-api-burst=1000'],
        ...['--bind-address=127.0.0.1', `--secure-port=${ports['kube-scheduler']}`],
        ...[`--tls-cert-file=${credentials.servingCertFile}`, `--tls-private-key-file=${credentials.servingKeyFile}`],
      ],
      address: url,
      isReady: () => answers(`${url}/healthz`, { authorityFile: credentials.servingCertFile }),
    };
  },
};
