import { join } from 'node:path';
import { paramedicKubeconfigPath } from '../paramedic-access.ts';
import { answers } from '../readiness.ts';
import { loopback } from '../site.ts';
import type { Part } from './part.ts';

const checkout = join(import.meta.dirname, '..', '..');

/**
 * Paramedic itself, worker and gateway in one process, with the rights of its own ServiceAccount and no more. It acts by the
 * demo's runbooks, which wait seconds where shipped ones wait minutes.
 */
export const paramedic: Part = {
  name: 'paramedic',
  // MLflow is asked when an incident needs it, and takes longest to start.
  after: ['temporal', 'kube-apiserver'],
  optional: true,
  obtain: async () => process.execPath,
  run(site) {
    const { dataDir, ports, gatewaySecret } = site;
    const address = loopback(ports.gateway);
    return {
      args: [join(checkout, 'cli', 'paramedic.ts'), 'up', '--no-watch'],
      env: {
        KUBECONFIG: paramedicKubeconfigPath(site),
        TEMPORAL_ADDRESS: `127.0.0.1:${ports.temporal}`,
        PARAMEDIC_MLFLOW_URL: loopback(ports.mlflow),
        PARAMEDIC_PROMETHEUS_URL: loopback(ports.prometheus),
        PARAMEDIC_GATEWAY_PORT: `${ports.gateway}`,
        PARAMEDIC_GATEWAY_SECRET: gatewaySecret,
        PARAMEDIC_RUNBOOKS: join(checkout, 'demo', 'runbooks'),
        PARAMEDIC_AUDIT_LOG: join(dataDir, 'paramedic-audit.jsonl'),
      },
      address,
      isReady: () => answers(`${address}/readyz`),
    };
  },
};
