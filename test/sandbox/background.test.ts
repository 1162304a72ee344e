import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type SandboxStatus, sandboxDown, sandboxPart, sandboxStatus, sandboxUp } from '../../sandbox/background.ts';
import { cacheFolder } from '../../sandbox/cache-folder.ts';
import { createObtainer } from '../../sandbox/obtain.ts';
import { PARTS } from '../../sandbox/parts/all.ts';
import { startParamedic } from '../cli/run-paramedic.ts';

const START_MS_MAX = 180_000;
const GONE_MS_MAX = 10_000;

/** Its programs are those of the user's cache; the sandbox in it is a test's own. */
let cacheDir: string;
const progress = (line: string) => void process.stderr.write(`${line}\n`);

beforeAll(async () => {
  const obtainer = createObtainer({ progress });
  for (const part of Object.values(PARTS)) if (!part.optional) await part.obtain(obtainer);
}, 3_600_000);

beforeAll(() => {
  cacheDir = mkdtempSync(join(tmpdir(), 'paramedic-background-'));
  mkdirSync(join(cacheFolder(), 'programs'), { recursive: true });
  symlinkSync(join(cacheFolder(), 'programs'), join(cacheDir, 'programs'));
});

afterAll(async () => {
  await sandboxDown(cacheDir);
  rmSync(cacheDir, { recursive: true, force: true });
}, 60_000);

/** The servers that run out of this sandbox's cache, and what keeps them. */
function processes(): string[] {
  const all = execFileSync('ps', ['-A', '-ww', '-o', 'pid=,args='], { encoding: 'utf8' }).split('\n');
  return all.filter((line) => line.includes(cacheDir) && !/^\s*\d+ ps /.test(line));
}

async function expectNothingLeft(): Promise<void> {
  for (const began = Date.now(); processes().length > 0 && Date.now() - began < GONE_MS_MAX; ) await pause(100);
  expect(processes()).toEqual([]);
}

/** A sandbox that is up, be it from the test before: a start takes half a minute. */
async function up(): Promise<Extract<SandboxStatus, { kind: 'up' }>> {
  if ((await sandboxStatus(cacheDir)).kind !== 'up') await sandboxUp({ cacheDir, progress });
  return (await sandboxStatus(cacheDir)) as Extract<SandboxStatus, { kind: 'up' }>;
}

const runCommand = (...args: string[]) => startParamedic(['sandbox', ...args], { HOME: process.env.HOME, PARAMEDIC_CACHE: cacheDir });

async function said(running: ReturnType<typeof runCommand>, text: string): Promise<void> {
  for (const began = Date.now(); !running.printed().err.includes(text); await pause(20))
    if (Date.now() - began > START_MS_MAX) throw new Error(`"${text}" was not said, but ${running.printed().err}`);
}

describe('a sandbox in the background', () => {
  it('is not up before it is brought up, and its end is no error', async () => {
    expect(await sandboxStatus(cacheDir)).toEqual({ kind: 'down' });
    expect(await runCommand('down').ended).toEqual({ code: 0, out: 'The sandbox was not up.\n', err: '' });
    expect(await runCommand('status', '--json').ended).toEqual({ code: 1, out: '{"kind":"down"}\n', err: '' });
  });

  it(
    'leaves nothing when a port that was asked for is taken, and the error names port and part',
    async () => {
      const server = createServer();
      await once(server.listen(0, '127.0.0.1'), 'listening');
      const { port } = server.address() as { port: number };
      try {
        const { code, out, err } = await runCommand('up', '--json', '--port', `prometheus=${port}`).ended;
        expect({ code, out }).toEqual({ code: 1, out: '' });
        expect(err.trim().split('\n').at(-1)).toBe(
          `Cannot give port ${port} to prometheus: it is taken. Choose another one, or leave it out for a free one.`,
        );
      } finally {
        server.close();
      }
      expect(await sandboxStatus(cacheDir)).toEqual({ kind: 'down' });
      await expectNothingLeft();
    },
    START_MS_MAX,
  );

  it(
    'leaves nothing when Ctrl-C comes while it is coming up',
    async () => {
      const command = runCommand('up');
      await said(command, 'etcd: ready');
      expect(await sandboxStatus(cacheDir)).toMatchObject({ kind: 'comingUp' });
      await expect(sandboxUp({ cacheDir, progress })).rejects.toThrow('The sandbox is already coming up, by process');
      command.child.kill('SIGINT');
      expect(await command.ended).toMatchObject({ code: 130, out: '' });
      await expectNothingLeft();
      expect(await sandboxStatus(cacheDir)).toEqual({ kind: 'down' });
    },
    START_MS_MAX,
  );

  it(
    'leaves nothing when the process that brings it up is killed meanwhile',
    async () => {
      const command = runCommand('up');
      await said(command, 'etcd: ready');
      command.child.kill('SIGKILL');
      await command.ended;
      await expectNothingLeft();
    },
    START_MS_MAX,
  );

  it(
    'tells of a part that was killed, and starts it again on its data',
    async () => {
      const { addresses, parts } = await up();
      expect(parts.map(({ state }) => state)).toEqual(parts.map(() => 'running'));
      expect(statSync(join(cacheDir, 'sandbox', 'state.json')).mode & 0o777).toBe(0o600);

      const url = `${addresses.mlflowUrl}/api/2.0/mlflow/registered-models`;
      const json = { 'content-type': 'application/json' };
      await fetch(`${url}/create`, { method: 'POST', headers: json, body: '{"name":"kept"}' });
      await sandboxPart('kill', 'mlflow', cacheDir);
      const { out, code } = await runCommand('status').ended;
      expect({ code, line: out.split('\n').find((line) => line.startsWith('mlflow')) }).toEqual({
        code: 1,
        line: `mlflow                   was ended by SIGKILL  ${join(addresses.dataDir, 'logs', 'mlflow.log')}`,
      });
      await sandboxPart('start', 'mlflow', cacheDir);
      expect((await fetch(`${url}/get?name=kept`)).status).toBe(200);

      await expect(sandboxPart('start', 'mlflow', cacheDir)).rejects.toThrow('Cannot start mlflow: it is running already');
      await expect(sandboxUp({ cacheDir, progress })).rejects.toThrow('The sandbox is already up, by process');

      const again = await runCommand('up', '--json').ended;
      expect(again.code).toBe(0);
      expect(again.err).toContain('The sandbox is up already');
      expect(JSON.parse(again.out)).toMatchObject({ temporalAddress: addresses.temporalAddress });
      expect(again.out).not.toContain(addresses.gatewaySecret);
      expect((await runCommand('status', '--json').ended).out).not.toContain(addresses.gatewaySecret);
    },
    START_MS_MAX,
  );

  it(
    'leaves no server when its supervisor is killed, is said to have fallen, and comes up again with all cached',
    async () => {
      const { supervisorPid } = await up();
      process.kill(supervisorPid, 'SIGKILL');
      await expectNothingLeft();
      expect(await sandboxStatus(cacheDir)).toMatchObject({ kind: 'fallen', supervisorPid });
      const began = Date.now();
      await up();
      const seconds = (Date.now() - began) / 1000;
      progress(`A start with all cached took ${seconds.toFixed(1)} s.`);
      expect(seconds).toBeLessThan(90);
    },
    START_MS_MAX,
  );

  it(
    'is ended to the last server by "down", though its supervisor was killed and the lifeline could do nothing',
    async () => {
      const { supervisorPid } = await up();
      const children = execFileSync('ps', ['-A', '-ww', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n');
      const lifeline = children.find((line) => line.includes(`${supervisorPid} `) && line.includes('lifeline.sh'))!;
      process.kill(Number(lifeline.trim().split(/\s+/)[0]), 'SIGSTOP');
      process.kill(supervisorPid, 'SIGKILL');
      await pause(500);
      expect(processes().length).toBeGreaterThan(5);
      try {
        expect((await runCommand('down').ended).code).toBe(0);
        await expectNothingLeft();
      } finally {
        process.kill(Number(lifeline.trim().split(/\s+/)[0]), 'SIGKILL');
      }
      expect(existsSync(join(cacheDir, 'sandbox', 'state.json'))).toBe(false);
    },
    START_MS_MAX,
  );
});
