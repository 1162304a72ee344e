import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const SCRIPTS = join(import.meta.dirname, 'image');

/** Holds the namespaces of each pod. */
export const PAUSE_IMAGE = 'paramedic.sandbox/pause:1';
/** Behaves as its arguments say. */
export const WORKLOAD_IMAGE = 'paramedic.sandbox/workload:1';
/** Its next release, which crashes whatever its arguments say. */
export const BROKEN_WORKLOAD_IMAGE = 'paramedic.sandbox/workload:2';
/** What KServe has fetch a model, by the name it knows: its own would need a store to fetch from. */
const STORAGE_INITIALIZER_IMAGE = 'docker.io/kserve/storage-initializer:v0.15.0';

/** Each image: the script that it runs, and its release. */
const IMAGES: Readonly<Record<string, Content>> = {
  [PAUSE_IMAGE]: { script: 'pause', release: 1 },
  [WORKLOAD_IMAGE]: { script: 'workload', release: 1 },
  [BROKEN_WORKLOAD_IMAGE]: { script: 'workload', release: 2 },
  [STORAGE_INITIALIZER_IMAGE]: { script: 'storage-initializer', release: 1 },
};

interface Content {
  readonly script: string;
  readonly release: number;
}

/**
 * Makes the images, without a registry: busybox, a script, and the release's number.
 * @returns an archive for each, as `ctr images import` takes it
 */
export async function makeImages(folder: string, busybox: string): Promise<string[]> {
  rmSync(folder, { recursive: true, force: true });
  return Promise.all(
    Object.entries(IMAGES).map(async ([tag, content]) => {
      const parts = join(folder, `${content.script}-${content.release}`);
      mkdirSync(parts, { recursive: true });
      await makeLayer(join(parts, 'layer.tar'), busybox, content);
      return makeArchive(parts, busybox, tag, content);
    }),
  );
}

async function makeLayer(archive: string, busybox: string, { script, release }: Content): Promise<void> {
  const root = `${archive}.content`;
  for (const name of ['bin', 'tmp', 'proc', 'sys', 'dev', 'etc']) mkdirSync(join(root, name), { recursive: true });
  copyFileSync(busybox, join(root, 'bin', 'busybox'));
  const { stdout } = await run(busybox, ['--list']);
  for (const applet of stdout.trim().split('\n')) if (applet !== 'busybox') symlinkSync('busybox', join(root, 'bin', applet));
  writeFileSync(join(root, 'bin', script), readFileSync(join(SCRIPTS, `${script}.sh`)), { mode: 0o755 });
  writeFileSync(join(root, 'release'), `${release}\n`);
  await run(busybox, ['tar', '-cf', archive, '-C', root, '.']);
}

/** An archive in the form that `docker save` writes. */
async function makeArchive(parts: string, busybox: string, tag: string, { script }: Content): Promise<string> {
  const layer = createHash('sha256').update(readFileSync(join(parts, 'layer.tar')));
  const config = {
    architecture: process.arch === 'x64' ? 'amd64' : process.arch,
    os: 'linux',
    config: { Entrypoint: [`/bin/${script}`], Env: ['PATH=/bin'] },
    rootfs: { type: 'layers', diff_ids: [`sha256:${layer.digest('hex')}`] },
  };
  writeFileSync(join(parts, 'config.json'), JSON.stringify(config));
  writeFileSync(join(parts, 'manifest.json'), JSON.stringify([{ Config: 'config.json', RepoTags: [tag], Layers: ['layer.tar'] }]));
  await run(busybox, ['tar', '-cf', `${parts}.tar`, '-C', parts, 'manifest.json', 'config.json', 'layer.tar']);
  return `${parts}.tar`;
}
