import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { experienceKeeper } from '../../worker/experiences.ts';
import { taskQueueOf } from '../../worker/settings.ts';
import { evidence, sickPod } from '../evidence.ts';
import { lesson, times, tried } from '../incident/experience/stories.ts';
import { scriptedCluster } from '../scripted-cluster.ts';
import { until } from '../until.ts';
import { newTarget, runbook, runIncident, type Stage, setTheStage } from '../workflows/incident-run.ts';
import { type Standing, standWorker } from '../workflows/stand-worker.ts';
import { runParamedic } from './run-paramedic.ts';

// Each starts processes of its own, on a machine that may be busy.
jest.setTimeout(180_000);

const CLUSTER = 'learned';
const me = `${userInfo().username}@${hostname()}`;
const of = { cluster: CLUSTER, failureType: 'podCrash' as const };
const reason = ['--reason', 'looked at it'];
const folder = mkdtempSync(join(tmpdir(), 'paramedic-experience-'));
const file = join(folder, 'experience.json');

let stage: Stage;
let worker: Standing;

const keeper = () => experienceKeeper(stage.environment.client, taskQueueOf(CLUSTER));

beforeAll(async () => {
  stage = await setTheStage();
  worker = await standWorker(stage, CLUSTER);
  for (const one of times(4, () => lesson([tried('rollBackModel', 'failed'), tried('undoRelease', 'recovered', 30)])))
    await keeper().learn(of, one);
  await until('all is learned', async () => (await keeper().kept(of))?.incidents.length === 4);
}, 3_600_000);

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await worker?.stop();
  await stage?.leave();
});

const paramedic = (...args: readonly string[]) => runParamedic(args, { ...stage.settings, PARAMEDIC_CLUSTER: CLUSTER });
const shown = async () => JSON.parse((await paramedic('experience', 'show', '--json')).out).rows;

describe('paramedic experience', () => {
  it('shows what each remedy came to, for people and as JSON', async () => {
    const { code, out } = await paramedic('experience', 'show');
    const [header, ...rows] = out.trimEnd().split('\n');
    expect(code).toBe(0);
    expect(header).toMatch(/^TYPE +CAUSE +REMEDY +ON +TRIED +CURED +RELAPSED +WORSE +UNKNOWN +IN +CURES +PEOPLE$/);
    expect(rows).toEqual([
      expect.stringMatching(/^podCrash +bad-model-version +rollBackModel +Deployment +4\.0 +- +- +- +- +- +0-40 % +-$/),
      expect.stringMatching(/^podCrash +bad-model-version +undoRelease +Deployment +4\.0 +4\.0 +- +- +- +30 s +60-100 % +-$/),
    ]);
    expect((await shown()).map(({ failureType, remedy }: { failureType: string; remedy: string }) => [failureType, remedy])).toContainEqual(
      ['podCrash', 'undoRelease'],
    );
    expect((await paramedic('experience', 'show', '--type', 'outOfMemory')).out).toBe('Nothing was learned in cluster learned yet.\n');
  });

  it('forgets what is named, with who and why, and nothing where nothing is named', async () => {
    const before = await paramedic('experience', 'export');
    writeFileSync(file, before.out);
    const nothing = await paramedic('experience', 'reset', '--type', 'podCrash', ...reason);
    expect(nothing).toMatchObject({ code: 1, err: expect.stringContaining('give --cause, --remedy or both, or --all') });
    const none = await paramedic('experience', 'reset', '--type', 'podCrash', '--remedy', 'restart', ...reason);
    expect(none).toMatchObject({ code: 1, err: expect.stringContaining('Cannot forget what was learned of restart: there is nothing.') });
    const { code, out } = await paramedic('experience', 'reset', '--type', 'podCrash', '--remedy', 'undoRelease', ...reason);
    expect({ code, out }).toEqual({
      code: 0,
      out: `Forgotten of podCrash in cluster learned, of undoRelease, said ${me}: looked at it. 1 rows are left.\n`,
    });
    expect(await shown()).toHaveLength(1);
  });

  it('takes over what was exported, in place of what is known or on top of it', async () => {
    const replaced = await paramedic('experience', 'import', file, '--replace', ...reason);
    expect(replaced).toMatchObject({ code: 0, out: expect.stringContaining('podCrash: 2 rows are known now.') });
    expect((await paramedic('experience', 'import', file, '--merge', ...reason)).code).toBe(0);
    // An incident remembered in both counts once.
    expect((await shown()).map(({ counts }: { counts: { tries: number } }) => Math.round(counts.tries))).toEqual([4, 4]);
    expect(await paramedic('experience', 'import', file, ...reason)).toMatchObject({
      code: 1,
      err: expect.stringContaining('give --merge or --replace'),
    });
  });

  it.each([
    ['is no JSON', () => '{', /Cannot take over .*JSON/],
    ['is of another form', () => JSON.stringify({ format: 'paramedic-experience/2' }), /"format" must be "paramedic-experience\/1"/],
    [
      'names no failure type',
      () => readFileSync(file, 'utf8').replace('"podCrash"', '"podcrash"'),
      /"experiences" must not have "podcrash": there is no such failure type/,
    ],
    [
      'counts what cannot be',
      () => readFileSync(file, 'utf8').replace('"tries":', '"tries":-1,"x":'),
      /experiences\.podCrash\.rows\[0\]\.counts must not have "x"/,
    ],
    [
      'names no cause',
      () => readFileSync(file, 'utf8').replace('"bad-model-version"', '"bad-luck"'),
      /experiences\.podCrash\.rows\[0\]\.cause must be one of bad-release/,
    ],
  ])('takes nothing over from a file that %s', async (_what, make, fault) => {
    const bad = join(folder, 'bad.json');
    writeFileSync(bad, make());
    const before = await keeper().kept(of);
    expect(await paramedic('experience', 'import', bad, '--replace', ...reason)).toMatchObject({
      code: 1,
      err: expect.stringMatching(fault),
    });
    expect(await keeper().kept(of)).toEqual(before);
  });
});

describe('paramedic incidents judge', () => {
  it('takes what a person says of an incident for what it teaches, and refuses what nothing was learned of', async () => {
    const target = newTarget();
    const cluster = scriptedCluster([evidence({ pods: [sickPod({})], replicasReady: 0 }), evidence({})]);
    const { workflowId } = await runIncident(stage, runbook('podCrash'), cluster, target);
    const judge = (...args: readonly string[]) => paramedic('incidents', 'judge', workflowId, ...args, ...reason);
    const undoRelease = async () =>
      (await keeper().kept({ ...of, cluster: target.cluster }))?.rows.find(({ remedy }) => remedy === 'undoRelease');
    await until('it is learned', async () => (await undoRelease()) !== undefined);

    // It is older than a moment ago.
    const one = expect.closeTo(1, 4);
    const { code, out } = await judge('--wrong', '--cause', 'config-changed');
    expect({ code, out }).toEqual({
      code: 0,
      out: `It is taken for what ${workflowId} teaches. What is known now:\n  config-changed on Deployment: undoRelease cured 0 of 1 such cases, was wrong once by what people say\n`,
    });
    expect(await undoRelease()).toMatchObject({ cause: 'config-changed', counts: { tries: one, recoveries: 0, wrong: one } });
    expect(JSON.parse((await judge('--right', '--json')).out)).toMatchObject({ incident: workflowId, says: 'right', cause: null, by: me });
    expect(await undoRelease()).toMatchObject({ cause: 'bad-release', counts: { tries: one, recoveries: one, right: one, wrong: 0 } });

    expect(await judge()).toMatchObject({ code: 1, err: expect.stringContaining('give --right, --wrong, or --cause') });
    expect(await judge('--wrong', '--remedy', 'restart')).toMatchObject({ code: 1, err: expect.stringContaining('restart was not tried') });
    const nobody = await paramedic('incidents', 'judge', 'outage/x', '--right', ...reason);
    expect(nobody).toMatchObject({ code: 1, err: expect.stringContaining('There is no incident "outage/x".') });
  });
});
