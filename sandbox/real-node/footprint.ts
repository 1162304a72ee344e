import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { controllersKept, findCgroupTrees, handDown, makeCgroups } from './cgroups.ts';
import type { Host } from './host.ts';
import type { Layout } from './layout.ts';
import type { Subnet } from './subnet.ts';

const run = promisify(execFile);

/** The script that puts the machine back, which works without us. */
export function putBackScript({ folder }: Layout): string {
  return join(folder, 'put-back.sh');
}

/**
 * Makes on the machine what a real node needs outside of its own namespaces: cgroups and a bridge. All of it is written
 * down first, for `putBack`.
 */
export async function leaveFootprint(layout: Layout, { busybox }: Host, subnet: Subnet): Promise<void> {
  const trees = findCgroupTrees();
  const kept = controllersKept(trees);
  const note = (name: string, lines: readonly string[]) => {
    const path = join(layout.folder, 'footprint', name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
  };
  copyFileSync(join(import.meta.dirname, 'put-back.sh'), putBackScript(layout));
  note('bridge', [layout.bridge]);
  note(
    'cgroups',
    trees.roots.map((root) => join(root, layout.cgroup)),
  );
  note('kept', kept);
  note('busybox', [busybox]);
  try {
    handDown(trees, kept);
    makeCgroups(trees, layout.cgroup);
    await makeBridge(layout, busybox, subnet);
  } catch (error) {
    await putBack(layout);
    throw error;
  }
}

async function makeBridge({ bridge }: Layout, busybox: string, { gatewayWithLength }: Subnet): Promise<void> {
  const ip = (...args: string[]) => run(busybox, ['ip', ...args]);
  try {
    await ip('link', 'add', bridge, 'type', 'bridge');
    await ip('addr', 'add', gatewayWithLength, 'dev', bridge);
    await ip('link', 'set', bridge, 'up');
  } catch (error) {
    throw new Error(`Cannot add a real node: the kernel refuses the network bridge ${bridge} for its pods: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** Puts the machine back as it was before this node; harmless when there is nothing to put back. */
export async function putBack(layout: Layout): Promise<void> {
  if (existsSync(putBackScript(layout))) await run('/bin/sh', [putBackScript(layout)]);
}

/** Forgets what an earlier node wrote into its folder. */
export function clear({ folder }: Layout): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
}
