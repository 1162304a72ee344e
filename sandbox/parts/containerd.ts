import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CONTAINERD_SOCKET, cniConfig, containerdConfig } from '../real-node/containerd-config.ts';
import { enclosed } from '../real-node/enclosure.ts';
import { clear, leaveFootprint, putBack, putBackScript } from '../real-node/footprint.ts';
import { findHost, PATH } from '../real-node/host.ts';
import { importImages, isAnswering } from '../real-node/image-store.ts';
import { PAUSE_IMAGE } from '../real-node/images.ts';
import { layoutOf } from '../real-node/layout.ts';
import { chooseSubnet } from '../real-node/subnet.ts';
import type { Part } from './part.ts';

/**
 * Runs the real node's containers, in mount and process namespaces that hold all of the node: the kubelet joins them, and its
 * pods are in them. So the kubelet and every pod end with this part, and it begins with none.
 */
export const containerd: Part = {
  name: 'containerd',
  after: [],
  optional: true,
  async obtain({ progress }) {
    const host = findHost();
    progress(`containerd: ${host.containerd}`);
    return host.containerd;
  },
  async run(site) {
    const host = findHost();
    const layout = layoutOf(site);
    await putBack(layout);
    clear(layout);
    const subnet = chooseSubnet(layout);
    await leaveFootprint(layout, host, subnet);
    const config = join(layout.folder, 'containerd.toml');
    writeFileSync(config, containerdConfig(host, layout.folder, PAUSE_IMAGE));
    mkdirSync(join(layout.folder, 'cni'));
    writeFileSync(join(layout.folder, 'cni', 'sandbox.conflist'), JSON.stringify(cniConfig(layout.bridge, subnet)));
    return {
      through: enclosed(host, layout),
      args: ['--config', config],
      env: { PATH },
      address: `unix://${layout.folder}/places${CONTAINERD_SOCKET}`,
      isReady: () => isAnswering(host, layout),
    };
  },
  setUp: (site) => importImages(findHost(), layoutOf(site)),
  cleanUp: (site) => putBack(layoutOf(site)),
  cleanUpScript: (site) => putBackScript(layoutOf(site)),
};
