import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CONTAINERD_SOCKET } from './containerd-config.ts';
import { alongside, isEnclosed } from './enclosure.ts';
import type { Host } from './host.ts';
import { makeImages } from './images.ts';
import type { Layout } from './layout.ts';

/** Whether containerd answers. */
export async function isAnswering(host: Host, layout: Layout): Promise<boolean> {
  if (!isEnclosed(layout)) return false;
  return ctr(host, layout, 'version').then(
    () => true,
    () => false,
  );
}

/** Makes the images and hands them to containerd, where the kubelet looks for them. */
export async function importImages(host: Host, layout: Layout): Promise<void> {
  for (const archive of await makeImages(join(layout.folder, 'images'), host.busybox)) await ctr(host, layout, 'images', 'import', archive);
}

async function ctr(host: Host, layout: Layout, ...order: string[]): Promise<void> {
  const [program, ...args] = [...alongside(host, layout), host.ctr, '--address', CONTAINERD_SOCKET, '--namespace', 'k8s.io', ...order];
  await promisify(execFile)(program!, args, { timeout: CTR_MS_MAX });
}

const CTR_MS_MAX = 30_000;
