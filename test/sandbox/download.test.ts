import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createDownloader } from '../../sandbox/obtaining/download.ts';
import { listening, releaseServer, sha256 } from './release-server.ts';

const PROGRAM = '#!/bin/sh\necho served\n';

let folder: string;
let path: string;
const closings: (() => void)[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'paramedic-'));
  path = join(folder, 'served');
});

afterEach(() => {
  for (const close of closings.splice(0)) close();
  rmSync(folder, { recursive: true, force: true });
});

async function publish(files: Readonly<Record<string, string | Buffer>>) {
  const server = await releaseServer(files);
  closings.push(server.close);
  return server;
}

describe('a download', () => {
  it('is put in place, ready to run, when its sum is the published one', async () => {
    const { url } = await publish({ '/served': PROGRAM, '/sums': `${sha256('other')}  other\n${sha256(PROGRAM)}  served\n` });
    let bytes = 0;
    const failure = await createDownloader().download({ url: `${url}/served`, sumsUrl: `${url}/sums` }, path, (received) => {
      bytes = received;
    });
    expect(failure).toBeNull();
    expect(readFileSync(path, 'utf8')).toBe(PROGRAM);
    expect(statSync(path).mode & 0o111).toBe(0o111);
    expect(bytes).toBe(PROGRAM.length);
  });

  it('may have a file of sums that holds one sum alone', async () => {
    const { url } = await publish({ '/served': PROGRAM, '/served.sha256': `${sha256(PROGRAM)}\n` });
    expect(await createDownloader().download({ url: `${url}/served`, sumsUrl: `${url}/served.sha256` }, path, () => {})).toBeNull();
  });

  it('is taken out of its archive', async () => {
    writeFileSync(join(folder, 'served'), PROGRAM);
    execFileSync('tar', ['-czf', 'release.tar.gz', '--transform', 's,^,served-1/,', 'served'], { cwd: folder });
    rmSync(path);
    const archive = readFileSync(join(folder, 'release.tar.gz'));
    const { url } = await publish({ '/served.tar.gz': archive, '/sums': `${sha256(archive)}  served.tar.gz\n` });
    const release = { url: `${url}/served.tar.gz`, sumsUrl: `${url}/sums`, member: 'served-1/served' };
    expect(await createDownloader().download(release, path, () => {})).toBeNull();
    expect(readFileSync(path, 'utf8')).toBe(PROGRAM);
  });

  it('is refused, archive or not, when its sum is another one', async () => {
    const { url } = await publish({ '/served': 'tampered with', '/sums': `${sha256(PROGRAM)}  served\n` });
    const failure = await createDownloader().download({ url: `${url}/served`, sumsUrl: `${url}/sums` }, path, () => {});
    expect(failure).toBe(
      `the SHA-256 of ${url}/served is ${sha256('tampered with')}, but ${url}/sums says ${sha256(PROGRAM)}; it is not used`,
    );
  });

  it('is not begun when no sum is published for it', async () => {
    const server = await publish({ '/served': PROGRAM, '/sums': `${sha256(PROGRAM)}  served.old\n` });
    const failure = await createDownloader().download({ url: `${server.url}/served`, sumsUrl: `${server.url}/sums` }, path, () => {});
    expect(failure).toBe(`${server.url}/sums has no sum for served`);
    expect(server.asked).toEqual(['/sums']);
    expect(existsSync(path)).toBe(false);
  });

  it('tells what a publisher answers that does not have it', async () => {
    const { url } = await publish({ '/sums': `${sha256(PROGRAM)}  served\n` });
    const failure = await createDownloader().download({ url: `${url}/served`, sumsUrl: `${url}/sums` }, path, () => {});
    expect(failure).toBe(`${url}/served answers 404`);
  });

  it('is given up soon when nobody answers, and the next one at once', async () => {
    const silent = createServer(() => {});
    const url = await listening(silent);
    closings.push(
      () => silent.close(),
      () => silent.closeAllConnections(),
    );
    const release = { url: `${url}/served`, sumsUrl: `${url}/sums` };
    const downloader = createDownloader(200);
    const reason = `${new URL(url).host} cannot be reached`;
    expect(await downloader.download(release, path, () => {})).toBe(reason);
    const began = Date.now();
    expect(await downloader.download(release, path, () => {})).toBe(reason);
    expect(Date.now() - began).toBeLessThan(100);
  });
});
