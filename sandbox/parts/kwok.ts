import { join } from 'node:path';
import { adminKubeconfigPath } from '../kubeconfig.ts';
import { apply } from '../manifests.ts';
import { answers } from '../readiness.ts';
import { loopback } from '../site.ts';
import type { Part } from './part.ts';

const FAKE = { 'kwok.x-k8s.io/node': 'fake' };
const SIMULATED_NODES = ['simulated-1', 'simulated-2'].map((name) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, annotations: FAKE },
}));
const STAGES = ['nodes', 'pods', 'failures', 'model-missing', 'silence', 'waits', 'exits', 'jobs', 'workflows'];
/** Renewed in good time; a node without a lease is taken for lost after a minute. */
const NODE_LEASE_SECONDS = 40;

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
        ...['--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake', `--node-lease-duration-seconds=${NODE_LEASE_SECONDS}`],
        ...STAGES.map((name) => `--config=${join(import.meta.dirname, '..', 'kwok', `${name}.yaml`)}`),
      ],
      address: `http://${address}`,
      isReady: () => answers(`${loopback(site.ports.kwok)}/healthz`),
    };
  },
  setUp: (site) => apply(site, SIMULATED_NODES),
};
