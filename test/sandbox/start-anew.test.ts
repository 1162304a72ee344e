import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ServerProcess } from '../../sandbox/server-process.ts';
import { startAnew } from '../../sandbox/start-anew.ts';

let folder: string;
let started: ServerProcess[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'paramedic-anew-'));
  started = [];
});

afterEach(async () => {
  for (const server of started) await server.stop('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** A server that fails with these words as often as said, and then runs. */
function start(times: number, words: string) {
  const ready = join(folder, 'ready');
  const script = `echo x >>tries; [ $(wc -l <tries) -gt ${times} ] || { echo "${words}"; seq 30; exit 1; }; touch ${ready}; exec sleep 60`;
  const common = { name: 'server', program: '/bin/sh', args: ['-c', script], env: { PATH: process.env.PATH } };
  const spec = { ...common, cwd: folder, logPath: join(folder, 'log') };
  return startAnew(
    async () => ({ spec, isReady: async () => existsSync(ready) }),
    (server) => started.push(server),
  );
}

const tries = () => readFileSync(join(folder, 'tries'), 'utf8').trim().split('\n').length;

describe('a server that loses a port before it listens there', () => {
  it.each([
    'panic: listen tcp 127.0.0.1:36123: bind: address already in use',
    'panic: failed assigning ephemeral port: failed to assign a free port',
  ])('is started anew: %s', async (words) => {
    const { server } = await start(2, words);
    expect(server.ended()).toBeNull();
    expect(tries()).toBe(3);
  });

  it('is given up when it happens again and again', async () => {
    await expect(start(100, 'bind: address already in use')).rejects.toThrow('server exited with 1. Its log is');
    expect(tries()).toBe(5);
  });

  it('is not started anew for another reason, though an earlier start lost a port', async () => {
    await expect(start(100, 'bind: address already in use')).rejects.toThrow();
    await expect(start(100, 'out of memory')).rejects.toThrow('server exited with 1');
    expect(tries()).toBe(6);
  });
});
