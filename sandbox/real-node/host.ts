import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What a real node uses of the machine. */
export interface Host {
  readonly containerd: string;
  readonly ctr: string;
  /** Statically linked, since it is also what the images are made of. */
  readonly busybox: string;
  readonly unshare: string;
  readonly nsenter: string;
  /** Holds the CNI plugins. */
  readonly cniFolder: string;
}

/** Where distributions put the CNI plugins. */
const CNI_FOLDERS = ['/usr/lib/cni', '/opt/cni/bin', '/usr/libexec/cni'];
const CNI_PLUGINS = ['bridge', 'host-local', 'loopback'];
/** Root's PATH lacks the last where it was taken over from a user. */
export const PATH = [process.env.PATH, '/usr/local/sbin', '/usr/sbin', '/sbin'].filter(Boolean).join(delimiter);

interface Machine {
  readonly platform: NodeJS.Platform;
  readonly user: number | undefined;
  /** Of this process; one bit each. */
  readCapabilities(): bigint;
  readonly path: string;
  readonly cniFolders: readonly string[];
}

const THIS_MACHINE: Machine = {
  platform: process.platform,
  user: process.getuid?.(),
  readCapabilities: () => BigInt(`0x${/^CapEff:\s*(\w+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0'}`),
  path: PATH,
  cniFolders: CNI_FOLDERS,
};

/** What it takes to make a bridge, and to make namespaces and mounts. */
const CAPABILITIES = { CAP_NET_ADMIN: 12n, CAP_SYS_ADMIN: 21n } as const;

/**
 * What the real node runs on, found on this machine.
 * @throws when it cannot run here; the sentence says what to install, or that it cannot be.
 */
export function findHost(machine: Partial<Machine> = {}): Host {
  const { platform, user, readCapabilities, path, cniFolders } = { ...THIS_MACHINE, ...machine };
  if (platform !== 'linux')
    throw new Error(`Cannot add a real node on ${platform}: a kubelet runs containers on Linux only. Leave --real-node out.`);
  if (user !== 0)
    throw new Error('Cannot add a real node: only root may run containers in this way. Run it with sudo, or leave --real-node out.');
  const lacking = Object.keys(CAPABILITIES).filter(
    (name) => !(readCapabilities() & (1n << CAPABILITIES[name as keyof typeof CAPABILITIES])),
  );
  if (lacking.length > 0)
    throw new Error(`Cannot add a real node: root lacks ${lacking.join(', ')} here, as inside a container. Run it on the machine itself.`);
  const program = (name: string) => onPath(name, path);
  const busybox = program('busybox');
  const cniFolder = cniFolders.find((folder) => CNI_PLUGINS.every((plugin) => existsSync(join(folder, plugin))));
  const found = {
    containerd: program('containerd'),
    ctr: program('ctr'),
    runc: program('runc'),
    unshare: program('unshare'),
    nsenter: program('nsenter'),
    busybox: busybox && isStatic(busybox) ? busybox : null,
    cniFolder: cniFolder ?? null,
  };
  const packages = new Set(Object.entries(found).flatMap(([name, where]) => (where ? [] : [PACKAGES[name as keyof typeof found]])));
  if (packages.size > 0) {
    const missing = [...packages];
    throw new Error(
      `Cannot add a real node: ${missing.join(', ')} ${missing.length > 1 ? 'are' : 'is'} missing. On Debian or Ubuntu: apt-get install ${missing.join(' ')}`,
    );
  }
  return found as Host;
}

/** The Debian package of each. */
const PACKAGES = {
  containerd: 'containerd',
  ctr: 'containerd',
  runc: 'runc',
  unshare: 'util-linux',
  nsenter: 'util-linux',
  busybox: 'busybox-static',
  cniFolder: 'containernetworking-plugins',
} as const;

function onPath(name: string, path: string): string | null {
  const candidates = path.split(delimiter).map((folder) => join(folder, name));
  return candidates.find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A program that is not static names its loader in its first bytes. */
function isStatic(program: string): boolean {
  return !readFileSync(program).subarray(0, 4_096).includes('/ld-');
}
