import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Runbook } from '../../runbooks/schema.ts';
import { experienceKeeper } from '../../worker/experiences.ts';
import { BAD_URI, evidence, failingModelServer, GOOD_URI, sickPod } from '../evidence.ts';
import { lesson, times, tried } from '../incident/experience/stories.ts';
import { scriptedCluster } from '../scripted-cluster.ts';
import { until } from '../until.ts';
import { newTarget, runbook, runIncident, type Stage, setTheStage } from './incident-run.ts';

const { served } = failingModelServer();
const failing = evidence({ pods: [sickPod({})], replicasReady: 0, served: { ...served, wanted: BAD_URI, serving: [], before: GOOD_URI } });
const well = evidence({ served: { ...served, wanted: GOOD_URI, serving: [GOOD_URI] } });
const rolledBack = `churn version 2 (${BAD_URI}) → churn version 1 (${GOOD_URI})`;
const undone = 'revision 2 (ranker:2) → revision 1 (ranker:2)';

let stage: Stage;

beforeAll(async () => {
  stage = await setTheStage();
}, 3_600_000);

afterAll(() => stage?.leave());

const crash = (change: Partial<Runbook> = {}) => runbook('podCrash', { remedies: ['rollBackModel', 'undoRelease'], ...change });

/** A cluster whose earlier incidents are known. */
async function taught(lessons: ReturnType<typeof lesson>[]) {
  const target = newTarget();
  const of = { cluster: target.cluster, failureType: 'podCrash' as const };
  const keeper = experienceKeeper(stage.environment.client, (await stage.worker()).taskQueue);
  for (const one of lessons) await keeper.learn(of, { ...one, target: { ...one.target, cluster: target.cluster } });
  return { target, keeper, of };
}

describe('what an incident teaches', () => {
  it('is kept once it recovered: what was tried, in how long it helped, and that nothing was tried before it', async () => {
    const { target, keeper, of } = await taught([]);
    const { outcome, workflowId } = await runIncident(stage, crash(), scriptedCluster([failing, well]), target);
    expect(outcome.kind).toBe('recovered');
    await until('it is learned', async () => (await keeper.kept(of)) !== null);
    const known = await keeper.kept(of);
    expect(known?.rows).toMatchObject([
      {
        ...{ cause: 'bad-model-version', remedy: 'rollBackModel', kind: 'Deployment' },
        counts: { tries: 1, recoveries: 1, firstTries: 1, firstCures: 1, relapses: 0, worse: 0 },
        recoveryTimes: [{ seconds: expect.any(Number) }],
        targets: [`ml/Deployment/${target.name}`],
      },
    ]);
    expect(known?.incidents).toMatchObject([{ incident: workflowId, curedMs: expect.any(Number) }]);
  });
});

describe('an incident of a failure of which something was learned', () => {
  const lessons = [...times(8, () => lesson([tried('rollBackModel', 'failed'), tried('undoRelease', 'recovered', 1)]))];

  it('tries first what cured, and says why in its story', async () => {
    const { target, keeper, of } = await taught(lessons);
    await until('all is learned', async () => (await keeper.kept(of))?.incidents.length === lessons.length);
    const { outcome, acts, told } = await runIncident(stage, crash(), scriptedCluster([failing, well]), target);
    expect(acts).toEqual([undone]);
    expect(outcome.kind).toBe('recovered');
    expect(told).toContainEqual(
      expect.stringContaining(
        'undoRelease is tried before rollBackModel, since it cured 8 of 8 such cases in 1 s, and rollBackModel cured 0 of 8 such cases.',
      ),
    );
  });

  it('keeps to the runbook where that does not let it learn', async () => {
    const { target, keeper, of } = await taught(lessons);
    await until('all is learned', async () => (await keeper.kept(of))?.incidents.length === lessons.length);
    const fixed = { ...crash().learning, reorder: false };
    const { acts } = await runIncident(stage, crash({ learning: fixed }), scriptedCluster([failing, well]), target);
    expect(acts).toEqual([rolledBack]);
  });
});
