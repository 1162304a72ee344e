import { adminKubeconfigPath } from '../kubeconfig.ts';
import { answers } from '../readiness.ts';
import { loopback } from '../site.ts';
import type { Part } from './part.ts';

export const kubeStateMetrics: Part = {
  name: 'kube-state-metrics',
  after: ['kube-apiserver'],
  obtain: ({ program }) => program('kube-state-metrics'),
  run(site) {
    const { ports } = site;
    return {
      args: [
        ...[`--kubeconfig=${adminKubeconfigPath(site)}`, '--resources=pods,deployments,replicasets'],
        ...['--host=127.0.0.1', `--port=${ports['kube-state-metrics']}`],
        ...['--telemetry-host=127.0.0.1', `--telemetry-port=${ports['kube-state-metrics-telemetry']}`],
      ],
      address: loopback(ports['kube-state-metrics']),
      isReady: () => answers(`${loopback(ports['kube-state-metrics'])}/healthz`),
    };
  },
};
