import { join } from 'node:path';
import { adminKubeconfigPath } from '../kubeconfig.ts';
import { apply } from '../manifests.ts';
import { answers } from '../readiness.ts';
import { loopback } from '../site.ts';
import type { Part } from './part.ts';

const FAKE = { 'kwok.x-k8s.io/node': 'fake' };
const SIMULATED_NODE = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'simulated-1', annotations: FAKE } };

/** Plays the kubelet of nodes that do not exist. */
export const kwok: Part = {
  name: 'kwok',
  after: ['kube-apiserver'],
  obtain: ({ program }) => program('kwok'),
  run(site) {
    const address = `127.0.0.1:${site.ports.kwok}`;
    return {
      args: [
        ...[`--kubeconfig=${adminKubeconfigPath(site)}`, `--server-address=${address}`],
        ...[
          '--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake',
          '--config',
          join(import.meta.dirname, '..', 'kwok', 'stages.yaml'),
        ],
      ],
      address: `http://${address}`,
      isReady: () => answers(`${loopback(site.ports.kwok)}/healthz`),
    };
  },
  setUp: (site) => apply(site, [SIMULATED_NODE]),
};
