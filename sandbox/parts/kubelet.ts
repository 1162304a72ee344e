import { CoreV1Api } from '@kubernetes/client-node';
import { adminKubeconfigPath, asAdmin } from '../kubeconfig.ts';
import { apply } from '../manifests.ts';
import { alongside } from '../real-node/enclosure.ts';
import { findHost, PATH } from '../real-node/host.ts';
import { kubeletConfig, REAL_NODE_LABEL } from '../real-node/kubelet-config.ts';
import { layoutOf, REAL_NODE } from '../real-node/layout.ts';
import { REAL_SERVING_RUNTIME } from '../real-node/served-models.ts';
import { chosenSubnet } from '../real-node/subnet.ts';
import { type Site, writeConfig } from '../site.ts';
import type { Part } from './part.ts';

/** Makes this machine a node of the cluster: really runs the pods that ask for it. */
export const kubelet: Part = {
  name: 'kubelet',
  after: ['containerd', 'kube-apiserver', 'kserve'],
  optional: true,
  obtain: ({ program }) => program('kubelet'),
  run(site) {
    const layout = layoutOf(site);
    const subnet = chosenSubnet(layout);
    const config = kubeletConfig(layout, subnet, site.ports.kubelet, site.credentials.kubeletClientCertFile);
    const began = Date.now();
    return {
      through: alongside(findHost(), layout),
      args: [
        ...[`--kubeconfig=${adminKubeconfigPath(site)}`, `--config=${writeConfig(site, 'kubelet.json', config)}`],
        ...[`--hostname-override=${REAL_NODE}`, `--node-ip=${subnet.gateway}`],
        `--node-labels=${Object.entries(REAL_NODE_LABEL).map(([key, value]) => `${key}=${value}`)}`,
      ],
      env: { PATH },
      address: `https://${subnet.gateway}:${site.ports.kubelet}`,
      isReady: () => isNodeReady(site, began),
    };
  },
  setUp: (site) => apply(site, [REAL_SERVING_RUNTIME]),
};

/** Whether the node has said that it is ready, since the given time: what it said in an earlier life does not count. */
async function isNodeReady(site: Site, sinceMs: number): Promise<boolean> {
  const node = await asAdmin(site)
    .makeApiClient(CoreV1Api)
    .readNode({ name: REAL_NODE })
    .catch(() => null);
  const ready = node?.status?.conditions?.find(({ type }) => type === 'Ready');
  const wholeSecond = Math.floor(sinceMs / 1_000) * 1_000;
  return ready?.status === 'True' && (ready.lastHeartbeatTime?.getTime() ?? 0) >= wholeSecond;
}
