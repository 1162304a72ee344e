import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { experienceKeeper } from '../../worker/experiences.ts';
import { permitDesk } from '../../worker/permit-desk.ts';
import { permitOffices } from '../../worker/permit-offices.ts';
import { taskQueueOf } from '../../worker/settings.ts';
import { lesson, times } from '../incident/experience/stories.ts';
import { until } from '../until.ts';
import { type Stage, setTheStage } from '../workflows/incident-run.ts';
import { type Standing, standWorker } from '../workflows/stand-worker.ts';
import { runParamedic } from './run-paramedic.ts';

// Each starts processes of its own, on a machine that may be busy.
jest.setTimeout(180_000);

const CLUSTER = 'advised';
const of = { cluster: CLUSTER, failureType: 'podCrash' as const };
const folder = mkdtempSync(join(tmpdir(), 'paramedic-advise-'));

let stage: Stage;
let worker: Standing;

beforeAll(async () => {
  cpSync('runbooks', folder, { recursive: true, filter: (path) => !/\.ts$/.test(path) });
  stage = await setTheStage();
  worker = await standWorker(stage, CLUSTER);
  const keeper = experienceKeeper(stage.environment.client, taskQueueOf(CLUSTER));
  const observed = { cause: 'bad-release', remedy: 'undoRelease', did: 'same' } as const;
  for (const one of times(20, () => lesson([], { observed }))) await keeper.learn(of, one);
  await until('all is learned', async () => (await keeper.kept(of))?.incidents.length === 20);
}, 3_600_000);

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await worker?.stop();
  await stage?.leave();
});

const advise = (...args: readonly string[]) =>
  runParamedic(['advise', '--runbooks', folder, ...args], { ...stage.settings, PARAMEDIC_CLUSTER: CLUSTER });

describe('paramedic advise', () => {
  it('proposes a move with what speaks for it and the change of the runbook, and says of all others why they stay', async () => {
    const { code, out } = await advise();
    expect(code).toBe(0);
    expect(out).toContain(`pod-crash/undoRelease: observe → approve
  Of 20 failures that it only observed and that went away, others did the same in 20, something else in 0, nothing in 0.

--- a${folder}/pod-crash.yaml
+++ b${folder}/pod-crash.yaml
`);
    expect(out).toContain(' mode: observe\n+modes:\n+  - { remedies: [undoRelease], mode: approve }\n settleSeconds: 15\n');
    expect(out).toContain('  pod-crash/restart (observe): Of 0 failures');
  });

  it('prints a change that git takes, and changes nothing itself', async () => {
    const before = readFileSync(join(folder, 'pod-crash.yaml'), 'utf8');
    const { out } = await advise('pod-crash/undoRelease', '--diff');
    expect(readFileSync(join(folder, 'pod-crash.yaml'), 'utf8')).toBe(before);
    execFileSync('git', ['apply'], { input: out, cwd: '/' });
    expect(readFileSync(join(folder, 'pod-crash.yaml'), 'utf8')).toBe(
      before.replace('mode: observe\n', 'mode: observe\nmodes:\n  - { remedies: [undoRelease], mode: approve }\n'),
    );
    const after = JSON.parse((await advise('--json')).out);
    expect(after).toMatchObject({ cluster: CLUSTER, proposals: [], demotions: [] });
  });

  it('names what is demoted, and how a person lifts it', async () => {
    const { client } = stage.environment;
    const offices = permitOffices(client, taskQueueOf(CLUSTER));
    await permitDesk(client, offices, CLUSTER, 30_000).demote({ runbook: 'pod-crash', remedy: 'restart', by: 'ann', reason: 'too early' });
    const { out } = await advise();
    expect(out).toMatch(/demotion pod-crash\/restart\/\*, since .* UTC: ann wants it: too early\./);
    expect(out).toContain("A person lifts it: paramedic guards reset 'demotion pod-crash/restart/*'");
  });

  it.each([
    [['pod-crash/reboot'], 'has "pod-crash/reboot". There are: '],
    [['pod-crash/restart', '--diff'], 'There is nothing to change: no other mode is proposed.'],
  ])('says what cannot be advised on: %j', async (args, sentence) => {
    expect(await advise(...args)).toMatchObject({ code: 1, out: '', err: expect.stringContaining(sentence) });
  });
});
