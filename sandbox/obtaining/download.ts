import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, createWriteStream, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Release } from '../programs.ts';

const ANSWER_MS_MAX = 5_000;
const SILENCE_MS_MAX = 30_000;

/** Downloads, until the first sign that the internet is not there. */
export interface Downloader {
  /**
   * Puts a published program in place if its SHA-256 is the published one.
   * @returns null when it is there, else the reason why it is not, as a clause.
   */
  download(release: Release, path: string, received: (bytes: number) => void): Promise<string | null>;
}

/** @param answerMsMax how long a host may take to answer */
export function createDownloader(answerMsMax = ANSWER_MS_MAX): Downloader {
  /** Why the internet is taken to be away; asking again for every program would only make people wait. */
  let away: string | null = null;

  async function ask(url: string): Promise<{ response: Response; patience: AbortController } | null> {
    if (away !== null) return null;
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), answerMsMax);
    try {
      return { response: await fetch(url, { signal: patience.signal }), patience };
    } catch {
      away = `${new URL(url).host} cannot be reached`;
      return null;
    } finally {
      clearTimeout(timer);
    }
  }

  async function download({ url, sumsUrl, member }: Release, path: string, received: (bytes: number) => void): Promise<string | null> {
    const sums = await ask(sumsUrl);
    if (!sums) return away;
    if (!sums.response.ok) return `${sumsUrl} answers ${sums.response.status}`;
    const name = url.slice(url.lastIndexOf('/') + 1);
    const published = publishedSum(await textOf(sums.response, sums.patience), name);
    if (!published) return `${sumsUrl} has no sum for ${name}`;
    const file = await ask(url);
    if (!file) return away;
    if (!file.response.ok) return `${url} answers ${file.response.status}`;
    const target = member ? join(dirname(path), name) : path;
    const sum = await save(file.response, file.patience, target, received);
    if (sum !== published) {
      rmSync(target);
      return `the SHA-256 of ${url} is ${sum}, but ${sumsUrl} says ${published}; it is not used`;
    }
    if (member) await extract(target, member, path);
    chmodSync(path, 0o755);
    return null;
  }

  return {
    download: (release, path, received) =>
      download(release, path, received).catch((error: Error) => {
        rmSync(path, { force: true });
        return `the download of ${release.url} broke off: ${error.message}`;
      }),
  };
}

/** The sum of a file by a file of sums: the line that ends with its name, or the only word. */
function publishedSum(sums: string, name: string): string | null {
  const lines = sums.trim().split('\n');
  const line = lines.find((one) => one.trim().split(/[\s*]+/)[1] === name) ?? (/^\s*[0-9a-f]{64}\s*$/.test(sums) ? sums : '');
  return /^[0-9a-f]{64}\b/.exec(line.trim())?.[0] ?? null;
}

/** A body that is short; the sender may not fall silent in it. */
async function textOf(response: Response, patience: AbortController): Promise<string> {
  const silence = setTimeout(() => patience.abort(new Error('the sender fell silent')), SILENCE_MS_MAX);
  try {
    return await response.text();
  } finally {
    clearTimeout(silence);
  }
}

/** Writes a body to a file and gives its SHA-256. Breaks off when the sender falls silent. */
async function save({ body }: Response, patience: AbortController, path: string, received: (bytes: number) => void): Promise<string> {
  if (!body) throw new Error('the answer is empty');
  const hash = createHash('sha256');
  const file = createWriteStream(path);
  let bytes = 0;
  const silence = setTimeout(() => patience.abort(new Error('the sender fell silent')), SILENCE_MS_MAX);
  try {
    for await (const chunk of body) {
      silence.refresh();
      hash.update(chunk);
      if (!file.write(chunk)) await once(file, 'drain');
      bytes += chunk.length;
      received(bytes);
    }
  } finally {
    clearTimeout(silence);
    file.end();
    await once(file, 'close');
  }
  return hash.digest('hex');
}

/** Takes one file out of an archive; the system's tar also reads zip where releases come as zip. */
async function extract(archive: string, member: string, path: string): Promise<void> {
  await promisify(execFile)('tar', ['-xf', archive, '-C', dirname(archive), member]);
  const extracted = join(dirname(archive), member);
  if (extracted !== path) renameSync(extracted, path);
}
