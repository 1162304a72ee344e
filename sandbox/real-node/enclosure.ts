import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Host } from './host.ts';
import type { Layout } from './layout.ts';

/** The command line that runs containerd in namespaces of its own, and ends everything in them when it ends. */
export function enclosed({ unshare }: Host, { folder }: Layout): string[] {
  const script = join(import.meta.dirname, 'enclosure.sh');
  return [unshare, '--mount', '--pid', '--fork', '--kill-child', '/bin/sh', script, folder];
}

/** The command line that runs something else in there. */
export function alongside({ nsenter }: Host, layout: Layout): string[] {
  return [nsenter, '--target', readFileSync(firstProcessFile(layout), 'utf8').trim(), '--mount', '--pid'];
}

/** Whether the namespaces are there. */
export function isEnclosed(layout: Layout): boolean {
  return existsSync(firstProcessFile(layout));
}

function firstProcessFile({ folder }: Layout): string {
  return join(folder, 'first-process');
}
