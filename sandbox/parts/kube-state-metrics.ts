import { join } from 'node:path';
import { adminKubeconfigPath } from '../kubeconfig.ts';
import { answers } from '../readiness.ts';
import { loopback } from '../site.ts';
import type { Part } from './part.ts';

const INFERENCE_SERVICES = join(import.meta.dirname, '..', 'kube-state-metrics', 'inference-services.yaml');

export const kubeStateMetrics: Part = {
  name: 'kube-state-metrics',
  after: ['kube-apiserver'],
  obtain: ({ program }) => program('kube-state-metrics'),
  run(site) {
    const { ports } = site;
    return {
      args: [
        ...[`--kubeconfig=${adminKubeconfigPath(site)}`, '--resources=pods,deployments,replicasets,nodes'],
        // Which InferenceService a pod belongs to.
        ...[
          '--metric-labels-allowlist=pods=[serving.kserve.io/inferenceservice]',
          `--custom-resource-state-config-file=${INFERENCE_SERVICES}`,
        ],
        ...['--host=127.0.0.1', `--port=${ports['kube-state-metrics']}`],
        ...['--telemetry-host=127.0.0.1', `--telemetry-port=${ports['kube-state-metrics-telemetry']}`],
      ],
      address: loopback(ports['kube-state-metrics']),
      isReady: () => answers(`${loopback(ports['kube-state-metrics'])}/healthz`),
    };
  },
};
