import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { writeRecorded } from '../../rehearsal/recorded/files.ts';
import { evidence, sickPod } from '../evidence.ts';
import { recordedIn } from '../rehearsal/recorded.ts';
import { scriptedCluster } from '../scripted-cluster.ts';
import { runbook, runIncident, type Stage, setTheStage } from '../workflows/incident-run.ts';
import { home, runParamedic as run } from './run-paramedic.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await setTheStage();
}, 120_000);

afterAll(() => stage?.leave());

/** Without making the bundle each time. */
function runParamedic(args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  return run(args, { PARAMEDIC_WORKFLOW_BUNDLE: stage.workflowBundle.codePath, ...environment });
}

/** A folder with one runbook, called test, and what it holds otherwise. */
function folderOf(name: string, files: Readonly<Record<string, string>> = {}, remedies = 'undoRelease, raiseMemory'): string {
  const folder = join(home, name);
  mkdirSync(folder);
  const text = `name: test\nfailureType: podCrash\nmatch: { alerts: [A] }\nmode: auto\nremedies: [${remedies}]\n`;
  writeFileSync(join(folder, 'test.yaml'), text);
  for (const [file, content] of Object.entries(files)) writeFileSync(join(folder, file), content);
  return folder;
}

const caseOf = (acts: string) =>
  `cases: [{ name: a bad release, alert: A, states: { bad: { pods: [{ exit: { code: 1 } }], after: { undoRelease: healthy } } }, expect: { acts: [${acts}] } }]\n`;

describe('paramedic test', () => {
  it('ends well when every case holds, and with 1 and its course when one does not', async () => {
    const good = folderOf('good', { 'test.test.yaml': caseOf('undoRelease') });
    expect(await runParamedic(['test', good])).toMatchObject({
      code: 0,
      out: `ok   ${good}/test.test.yaml: a bad release\n1 case, all as expected.\n`,
    });
    const bad = folderOf('bad', { 'test.test.yaml': caseOf('raiseMemory') });
    const { code, out } = await runParamedic(['test', join(bad, 'test.yaml'), '--json']);
    expect(code).toBe(1);
    const [result] = JSON.parse(out).cases;
    expect(result).toMatchObject({ passed: false, misses: [{ what: 'acts', expected: 'raiseMemory', was: 'undoRelease' }] });
    expect(result.waits).toEqual({ settle: 30, verify: 300, stable: 60, backoff: [30, 60], answer: 1800 });
  });

  it('needs cases that have no fault, which lint tells as well', async () => {
    const none = folderOf('none');
    expect(await runParamedic(['test', none])).toEqual({
      code: 2,
      out: '',
      err: `There is no case in ${none}: cases of NAME.yaml are in NAME.test.yaml beside it.\n`,
    });
    const faulty = folderOf('faulty', { 'test.test.yaml': caseOf('undoRelase') });
    const fault = /test\.test\.yaml:1:\d+ cases\.0\.expect\.acts\.0: Invalid option/;
    for (const command of ['test', 'lint']) {
      const { code, err } = await runParamedic([command, faulty]);
      expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(fault) });
    }
  });
});

describe('paramedic replay', () => {
  it('plays exported incidents with no Temporal of yours, until what is different is accepted', async () => {
    const incidents = join(home, 'incidents');
    const file = writeRecorded(incidents, await recordedIn('pod-crash-recovered'));
    expect(file).toBe(join(incidents, 'test_pod-crash-recovered-01a22632.incident.json'));
    const same = folderOf('same');
    expect(await runParamedic(['replay', incidents, '--runbooks', same])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^same {6}test\/pod-crash-recovered \(by test\)\n.+\n1 incident, nothing different\.\n$/),
    });
    const other = folderOf('other', {}, 'raiseMemory');
    const different = await runParamedic(['replay', file, '--runbooks', other]);
    expect(different.code).toBe(1);
    expect(different.out.split('\n').slice(2)).toEqual([
      expect.stringMatching(/^ {7}cause bad-release, by the rule badRelease: /),
      '  then plan undoRelease: revision 2 (ranker:2) → revision 1 (ranker:2)',
      '  then undoRelease: done',
      '  then verdict on undoRelease: recovered: 1/1 ready, 1 of the newest release',
      '  then closed as recovered: Healthy, and the alert is over.',
      '  now  a person is needed: No remedy of this runbook is left for bad-release.',
      '  now  closed as escalated: No remedy of this runbook is left for bad-release. The alert is over.',
      '1 of 1 incident different.',
      '',
    ]);
    expect(await runParamedic(['replay', incidents, '--runbooks', other, '--accept'])).toMatchObject({ code: 0 });
    const accepted = await runParamedic(['replay', incidents, '--runbooks', other, '--json']);
    expect(accepted.code).toBe(0);
    expect(JSON.parse(accepted.out).replays).toMatchObject([{ same: true, runbook: { was: 'test', now: 'test' } }]);
  });

  it('exports what Temporal keeps, and tells what it has of no incident', async () => {
    const states = [evidence({ pods: [sickPod({})], replicasReady: 0 }), evidence({})];
    const { workflowId } = await runIncident(stage, runbook('podCrash'), scriptedCluster(states));
    const folder = join(home, 'exported');
    const exported = await runParamedic(['replay', workflowId, '--export', folder, '--json'], stage.settings);
    expect(exported).toMatchObject({ code: 0 });
    const [file] = JSON.parse(exported.out).files;
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ shape: 1, incident: workflowId, runbook: { name: 'test' } });
    const ofLate = await runParamedic(['replay', '--since', '1h', '--export', join(home, 'of-late'), '--json'], stage.settings);
    expect(JSON.parse(ofLate.out)).toEqual({ files: [file.replace('exported', 'of-late')], unplayed: [] });
    expect(await runParamedic(['replay', 'outage/none', '--data', home], stage.settings)).toMatchObject({
      code: 1,
      err: expect.stringContaining('There is no incident "outage/none", nor a file or folder of that name.'),
    });
  });

  it('says what is wrong in a file, and in a command line', async () => {
    const file = join(home, 'broken.incident.json');
    writeFileSync(file, '{"shape": 7}');
    expect(await runParamedic(['replay', file])).toMatchObject({
      code: 1,
      err: expect.stringMatching(
        /^Cannot replay .+broken\.incident\.json: it is no recorded incident of this version: shape: .+ Export it anew\.\n$/,
      ),
    });
    copyFileSync(file, join(home, 'other.incident.json'));
    for (const [args, why] of [
      [[], 'Say which incidents: their ids, files that --export wrote, or --since.'],
      [[file, '--export', home], '--export writes incidents of Temporal, and not files anew.'],
      [['outage/one', '--accept'], '--accept writes into files that --export wrote: name them.'],
    ] as const)
      expect(await runParamedic(['replay', ...args])).toEqual({ code: 2, out: '', err: `${why}\n` });
  });
});
