import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** How this machine groups processes: one tree (version 2), or one for each controller (version 1, beside which systemd may have a tree of its own). */
export interface CgroupTrees {
  readonly version: 1 | 2;
  /** Where they are mounted. */
  readonly roots: readonly string[];
}

const UNIFIED = '/sys/fs/cgroup';
/** What the kubelet limits pods by, where the kernel has it. */
const CONTROLLERS = ['cpu', 'cpuset', 'memory', 'pids', 'hugetlb'];

export function findCgroupTrees(): CgroupTrees {
  if (existsSync(join(UNIFIED, 'cgroup.controllers'))) return { version: 2, roots: [UNIFIED] };
  const mounts = readFileSync('/proc/self/mounts', 'utf8').split('\n');
  const roots = mounts
    .map((line) => line.split(' '))
    .flatMap(([, where, type]) => ((type === 'cgroup' || type === 'cgroup2') && where ? [where] : []));
  if (roots.length === 0)
    throw new Error(`Cannot add a real node: no cgroups are mounted in ${UNIFIED}, so no container could be limited.`);
  return { version: 1, roots };
}

/** Those controllers that the machine's tree has and does not hand down; of version 2 only. */
export function controllersKept({ version, roots }: CgroupTrees): string[] {
  if (version === 1) return [];
  const read = (file: string) => readFileSync(join(roots[0]!, file), 'utf8').trim().split(' ');
  const handedDown = new Set(read('cgroup.subtree_control'));
  return read('cgroup.controllers').filter((one) => !handedDown.has(one));
}

/** Has the machine's tree hand down, of those it keeps, what the kubelet needs in the cgroups below. */
export function handDown({ roots }: CgroupTrees, kept: readonly string[]): void {
  for (const one of kept.filter((name) => CONTROLLERS.includes(name))) {
    try {
      writeFileSync(join(roots[0]!, 'cgroup.subtree_control'), `+${one}`);
    } catch (error) {
      const reason = `the machine's own processes are in the way in ${roots[0]}, as inside a container`;
      throw new Error(`Cannot add a real node: the cgroup controller ${one} cannot be handed down, since ${reason}.`, { cause: error });
    }
  }
}

/** Makes the node's own cgroup in every tree: one half for the daemons, the other is the kubelet's for its pods. */
export function makeCgroups({ roots }: CgroupTrees, cgroup: string): void {
  for (const root of roots) mkdirSync(join(root, cgroup, 'daemons'), { recursive: true });
}
