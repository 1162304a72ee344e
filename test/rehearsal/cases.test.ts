import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { casesText } from '../../cli/rehearsal/print-cases.ts';
import { casesIn, loadCases } from '../../rehearsal/cases/load.ts';
import { type CaseResult, runCases } from '../../rehearsal/cases/run-cases.ts';
import { CasesFile } from '../../rehearsal/cases/schema.ts';
import type { Stage as Played } from '../../rehearsal/stage.ts';
import { loadRunbooks } from '../../runbooks/load.ts';
import { openPlayStage, type PlayStage } from './played.ts';

const folder = join(import.meta.dirname, '..', '..', 'runbooks');
const loaded = loadRunbooks(folder);
const files = casesIn(folder).map(loadCases);
const shipped = files.flatMap(({ file, runbook, cases }) =>
  (cases?.cases ?? []).map((one) => ({ file, runbook: runbook!, settings: cases!, one, name: `${runbook?.name}: ${one.name}` })),
);
const podCrash = loaded.runbooks.find(({ name }) => name === 'pod-crash')!;
let played: Played;
let both: PlayStage;

beforeAll(async () => {
  both = await openPlayStage();
  ({ played } = both);
}, 120_000);

afterAll(() => both?.leave());

/** Plays one case of the runbook pod-crash, given as its file would have it. */
async function play(one: object): Promise<CaseResult> {
  const cases = CasesFile.parse({ mode: 'auto', cases: [{ name: 'a case', alert: 'KubePodCrashLooping', ...one }] });
  const ready = { file: 'pod-crash.test.yaml', runbook: podCrash, settings: cases, one: cases.cases[0]! };
  const [result] = await runCases(played, [ready], loaded);
  return result!;
}

const failing = { pods: [{ exit: { code: 1 } }] };

describe('the cases that are shipped', () => {
  it('have no fault', () => {
    expect(files.flatMap(({ faults }) => faults)).toEqual([]);
  });

  it.each(shipped)('hold: $name', async (ready) => {
    const [result] = await runCases(played, [ready], loaded);
    expect(result).toMatchObject({ passed: true, misses: [] });
  });
});

describe('a case', () => {
  it('that does not hold says what was expected, what was, and the whole course', async () => {
    const result = await play({
      name: 'a bad release is restarted',
      states: { failing: { ...failing, after: { undoRelease: 'healthy' } } },
      expect: { acts: ['restart'], cause: 'flake', escalated: true, outcome: 'recovered' },
    });
    expect(casesText([result], false).split('\n')).toEqual([
      'FAIL pod-crash.test.yaml: a bad release is restarted',
      '       cause: expected flake, but was bad-release',
      '       acts: expected restart, but was undoRelease',
      '       escalated: expected yes, but was no',
      '     | (not waited: 15 s to heal by itself)',
      '     | cause bad-release, by the rule badRelease: Every pod of revision 2 fails (CrashLoopBackOff); it differs from revision 1 in image of main: ranker:1 → ranker:2.',
      '     | plan undoRelease: revision 2 (ranker:2) → revision 1 (ranker:1)',
      '     | undoRelease: done',
      '     | (not waited: until it is well for 60 s, for 300 s at most)',
      '     | verdict on undoRelease: recovered: 1/1 ready, 1 of the newest release',
      '     | closed as recovered: Healthy, and the alert is over.',
      '1 of 1 case not as expected.',
      '',
    ]);
  });

  it('is taken by whatever runbook its alert matches', async () => {
    const other = await play({ alert: 'KubeContainerOOMKilled', states: { failing }, expect: { runbook: 'pod-crash' } });
    expect(other.misses).toEqual([{ what: 'runbook', expected: 'pod-crash', was: 'out-of-memory' }]);
    const none = await play({ alert: 'SomethingElse', states: { failing }, expect: { runbook: 'none', acts: [] } });
    expect(none).toMatchObject({ passed: true, runbook: null });
  });

  it('keeps within the guards', async () => {
    const result = await play({
      states: { failing: { ...failing, optOut: 'ours' } },
      expect: { refusedBy: 'opt-out', acts: [], proposes: 'undoRelease', escalated: true },
    });
    expect(result.misses).toEqual([]);
  });

  it('takes a rejection for a no', async () => {
    const result = await play({
      mode: 'approve',
      answers: ['reject'],
      states: { failing },
      expect: { asked: true, acts: [], outcome: 'escalated' },
    });
    expect(result.misses).toEqual([]);
    expect(result.timeline).toContainEqual(expect.objectContaining({ kind: 'answered', answer: 'rejected' }));
  });

  it('may tell of a target that is gone', async () => {
    const result = await play({ states: { gone: { gone: true } }, expect: { cause: 'bad-release', outcome: 'selfResolved' } });
    expect(result.misses).toEqual([{ what: 'cause', expected: 'bad-release', was: 'none' }]);
  });
});
