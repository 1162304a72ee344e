import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { findHost } from '../../sandbox/real-node/host.ts';

const folder = mkdtempSync(join(tmpdir(), 'paramedic-host-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A folder of programs, each with what its file begins with. */
function programs(name: string, files: Readonly<Record<string, string>>): string {
  const path = join(folder, name);
  mkdirSync(path);
  for (const [file, content] of Object.entries(files)) writeFileSync(join(path, file), content, { mode: 0o755 });
  return path;
}

const ALL = { containerd: '', ctr: '', runc: '', unshare: '', nsenter: '', busybox: 'static' };
const PLUGINS = { bridge: '', 'host-local': '', loopback: '' };
const root = { platform: 'linux', user: 0, readCapabilities: () => 0x1fffffffffn } as const;

describe('what a real node needs of the machine', () => {
  it('is found where all of it is installed', () => {
    const path = programs('all', ALL);
    const cniFolder = programs('cni', PLUGINS);
    expect(findHost({ ...root, path: `/nowhere:${path}`, cniFolders: ['/nowhere', cniFolder] })).toMatchObject({
      containerd: join(path, 'containerd'),
      cniFolder,
    });
  });

  it('is refused away from Linux', () => {
    expect(() => findHost({ ...root, platform: 'darwin' })).toThrow(
      'Cannot add a real node on darwin: a kubelet runs containers on Linux only. Leave --real-node out.',
    );
  });

  it('is refused to anybody but root', () => {
    expect(() => findHost({ ...root, user: 1000 })).toThrow(
      'Cannot add a real node: only root may run containers in this way. Run it with sudo, or leave --real-node out.',
    );
  });

  it('is refused to a root that is not let do what it takes', () => {
    expect(() => findHost({ ...root, readCapabilities: () => 0xa80425fbn })).toThrow(
      'Cannot add a real node: root lacks CAP_NET_ADMIN, CAP_SYS_ADMIN here, as inside a container. Run it on the machine itself.',
    );
  });

  it('is asked for by package, each once, when it is missing', () => {
    const path = programs('some', { unshare: '', nsenter: '', runc: '', busybox: 'static' });
    expect(() => findHost({ ...root, path, cniFolders: [] })).toThrow(
      'Cannot add a real node: containerd, containernetworking-plugins are missing. On Debian or Ubuntu: apt-get install containerd containernetworking-plugins',
    );
  });

  it('is asked for when busybox is there but needs libraries, which an image of it alone would lack', () => {
    const path = programs('dynamic', { ...ALL, busybox: '\x7fELF /lib64/ld-linux-x86-64.so.2' });
    const cniFolders = [programs('cni-2', PLUGINS)];
    expect(() => findHost({ ...root, path, cniFolders })).toThrow('apt-get install busybox-static');
  });

  it('is asked for when a program is there but cannot be run', () => {
    const path = programs('broken', { ...ALL, runc: '' });
    rmSync(join(path, 'runc'));
    symlinkSync('/nowhere/runc', join(path, 'runc'));
    expect(() => findHost({ ...root, path, cniFolders: [programs('cni-3', PLUGINS)] })).toThrow('apt-get install runc');
  });
});
