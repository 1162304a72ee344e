import { createHash } from 'node:crypto';
import { join } from 'node:path';

/** The real node's name in the cluster. */
export const REAL_NODE = 'real-1';

/** What a real node is called wherever the machine is to know it. All of it follows from the sandbox's folder alone. */
export interface Layout {
  /** Holds what containerd and the kubelet write, and the footprint: what is to be put back. */
  readonly folder: string;
  /** Below which every process of the node is, in each tree of the machine. */
  readonly cgroup: string;
  /** The network interface at which the machine and the pods meet. */
  readonly bridge: string;
  /** Where the search for free addresses begins. */
  readonly seed: number;
}

export function layoutOf({ dataDir }: { readonly dataDir: string }): Layout {
  const hash = createHash('sha256').update(dataDir).digest();
  const id = hash.toString('hex').slice(0, 8);
  return { folder: join(dataDir, 'real-node'), cgroup: `/paramedic-${id}`, bridge: `pmd-${id}`, seed: hash.readUInt8(0) };
}
