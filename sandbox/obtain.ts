import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from './cache-folder.ts';
import { build } from './obtaining/build.ts';
import { createDownloader, type Downloader } from './obtaining/download.ts';
import { makeOnce } from './obtaining/make-once.ts';
import { findOnPath, isWithin, versionOf } from './obtaining/search-path.ts';
import { type Platform, PROGRAMS, type Program, type ProgramName } from './programs.ts';

const TELL_EVERY_MS = 10_000;

/** Gets what a sandbox runs into place, and says how. */
export interface Obtainer {
  /** Holds what was obtained, for every sandbox of this user. */
  readonly cacheDir: string;
  progress(line: string): void;
  /**
   * The path of a program at a version that will do: from PATH, else from the cache, else downloaded, else built.
   * @throws when it can be had in no way; the error says why, and names the build's log.
   */
  program(name: ProgramName): Promise<string>;
}

interface ObtainerOptions {
  readonly cacheDir?: string;
  progress(line: string): void;
  readonly searchPath?: string;
  readonly downloader?: Downloader;
  /** Known programs; tests have their own. */
  readonly programs?: Readonly<Record<string, Program>>;
}

/** One for each run: once the internet turns out to be away, it is not asked again. */
export function createObtainer(options: ObtainerOptions): Obtainer {
  const { cacheDir = cacheFolder(), progress, searchPath, downloader = createDownloader(), programs = PROGRAMS } = options;
  return {
    cacheDir,
    progress,
    async program(name) {
      const program = programs[name]!;
      const tell = (line: string) => progress(`${name} ${program.version}: ${line}`);
      const onPath = await acceptableOnPath(name, program, searchPath, progress);
      if (onPath) return onPath;
      const folder = join(cacheDir, 'programs', `${name}-${program.version}`);
      const path = join(folder, name);
      if (existsSync(path)) tell(`from the cache, ${path}`);
      const waiting = () => tell('another process is obtaining it; waiting');
      await makeOnce(path, waiting, async (unfinished) => {
        const began = Date.now();
        const how = (await download(program, downloader, unfinished, tell))
          ? 'downloaded'
          : await built(name, program, folder, unfinished, tell);
        tell(`${how} in ${Math.round((Date.now() - began) / 1000)} s`);
      });
      return path;
    },
  };
}

async function acceptableOnPath(name: string, { onPath }: Program, searchPath: string | undefined, progress: (line: string) => void) {
  const found = onPath ? findOnPath(name, searchPath) : null;
  if (!onPath || !found) return null;
  const version = await versionOf(found);
  const will = version !== null && isWithin(version, onPath);
  const told = version ? `is version ${version}` : 'does not tell its version';
  progress(
    will
      ? `${name} ${version}: from PATH, ${found}`
      : `${name}: ${found} ${told} and is left aside; ${onPath.from} or newer, below ${onPath.below}, is needed`,
  );
  return will ? found : null;
}

async function download({ release }: Program, downloader: Downloader, path: string, tell: (line: string) => void): Promise<boolean> {
  const platform = thisPlatform();
  const published = platform && release?.(platform);
  if (!published) return false;
  tell(`downloading ${published.url}`);
  let megabytes = 0;
  const ticker = setInterval(() => tell(`still downloading, ${megabytes} MB so far`), TELL_EVERY_MS);
  const failure = await downloader.download(published, path, (bytes) => {
    megabytes = Math.round(bytes / 1e6);
  });
  clearInterval(ticker);
  if (failure) tell(`not downloaded: ${failure}`);
  return failure === null;
}

async function built(name: string, program: Program, folder: string, path: string, tell: (line: string) => void): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const log = join(folder, 'build.log');
  tell(`building it from source, once; the log is ${log}`);
  const began = Date.now();
  const ticker = setInterval(() => tell(`still building, ${Math.round((Date.now() - began) / 1000)} s`), TELL_EVERY_MS);
  try {
    await build(program, path, log);
    return 'built';
  } catch (error) {
    throw new Error(`Cannot build ${name} ${program.version}: ${(error as Error).message}`, { cause: error });
  } finally {
    clearInterval(ticker);
  }
}

function thisPlatform(): Platform | null {
  const arch = ({ x64: 'amd64', arm64: 'arm64' } as const)[process.arch as string];
  const os = process.platform;
  return arch && (os === 'linux' || os === 'darwin') ? { os, arch } : null;
}
