import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { layoutOf } from '../../sandbox/real-node/layout.ts';

const FOLDERS = [
  ...['/etc/cni', '/opt/cni', '/opt/containerd', '/run/containerd', '/run/netns', '/usr/libexec/kubernetes'],
  ...['/var/lib/cni', '/var/lib/containerd', '/var/lib/kubelet', '/var/log/containers', '/var/log/pods'],
];
const SETTINGS = ['vm/overcommit_memory', 'vm/panic_on_oom', 'kernel/panic', 'kernel/panic_on_oops', 'net/ipv4/ip_forward'];

/** What a real node must not change on the machine. */
export interface MachineState {
  readonly mounts: readonly string[];
  readonly folders: readonly string[];
  readonly settings: Readonly<Record<string, string>>;
}

export function machineState(): MachineState {
  const files = SETTINGS.map((name) => join('/proc/sys', name));
  return {
    mounts: mounts(),
    folders: FOLDERS.filter((folder) => existsSync(folder)),
    settings: Object.fromEntries(files.map((file) => [file, readFileSync(file, 'utf8')])),
  };
}

/** What the real node of a folder has on the machine while it runs: its network interfaces and cgroups, as folders. */
export function tracesOf(dataDir: string): string[] {
  const { bridge, cgroup } = layoutOf({ dataDir });
  const interfaces = readdirSync('/sys/class/net').map((name) => join('/sys/class/net', name));
  const ours = interfaces.filter((path) => path.endsWith(bridge) || existsSync(join(path, `upper_${bridge}`)));
  return [...ours, ...cgroupTrees().map((tree) => join(tree, cgroup))].filter((path) => existsSync(path));
}

export interface RunningProcess {
  readonly id: number;
  readonly parent: number;
  readonly words: string;
}

/** The processes whose command line has the text, which may be a sandbox's folder: then also those in it and in its node's cgroup. Zombies are gone already. */
export function processesOf(text: string): RunningProcess[] {
  const { cgroup } = layoutOf({ dataDir: text });
  const read = (id: string, file: string) => readFileSync(`/proc/${id}/${file}`, 'utf8');
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((id) => {
      try {
        const words = read(id, 'cmdline').replaceAll('\0', ' ').trim();
        const parent = Number(/^PPid:\s*(\d+)$/m.exec(read(id, 'status'))?.[1]);
        const speaksOfIt = words.includes(text) || readlinkSync(`/proc/${id}/cwd`).startsWith(text);
        const isOurs = words !== '' && (speaksOfIt || read(id, 'cgroup').includes(cgroup));
        return isOurs ? [{ id: Number(id), parent, words }] : [];
      } catch {
        // It has ended since it was listed.
        return [];
      }
    });
}

function cgroupTrees(): string[] {
  return mounts()
    .map((line) => line.split(' '))
    .flatMap(([, where, type]) => (type?.startsWith('cgroup') && where ? [where] : []));
}

function mounts(): string[] {
  return readFileSync('/proc/mounts', 'utf8').trim().split('\n');
}
