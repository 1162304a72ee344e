import type { Host } from './host.ts';
import type { Subnet } from './subnet.ts';

/** What containerd is to the kubelet; inside the node's own namespaces. */
export const CONTAINERD_SOCKET = '/run/containerd/containerd.sock';

/**
 * containerd's configuration, in the second version of its form, which 1.6 to 2.x read.
 *
 */
export function containerdConfig({ cniFolder }: Host, folder: string, pauseImage: string): string {
  const text = JSON.stringify;
  return `version = 2
root = ${text(`${folder}/containerd`)}
state = "/run/containerd"
# They would write to folders of the machine's, or are for file systems that are not used.
disabled_plugins = ["io.containerd.internal.v1.opt", "io.containerd.nri.v1.nri", "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs"]

[grpc]
address = ${text(CONTAINERD_SOCKET)}

[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = ${text(pauseImage)}
# The machine's AppArmor stays without profiles of ours.
disable_apparmor = true
# Root without CAP_SYS_RESOURCE, as inside a virtual machine or container, cannot lower it below its own.
restrict_oom_score_adj = true

[plugins."io.containerd.grpc.v1.cri".containerd]
# Copies instead of overlays: works on every file system, and the images are small.
snapshotter = "native"

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"

[plugins."io.containerd.grpc.v1.cri".cni]
bin_dir = ${text(cniFolder)}
conf_dir = ${text(`${folder}/cni`)}
`;
}

/** One network: pods and machine reach each other over the bridge, and nothing is translated or forwarded. */
export function cniConfig(bridge: string, { range, gateway }: Subnet): object {
  return {
    cniVersion: '0.4.0',
    name: 'sandbox',
    plugins: [
      { type: 'bridge', bridge, ipMasq: false, isGateway: false, ipam: { type: 'host-local', ranges: [[{ subnet: range, gateway }]] } },
    ],
  };
}
