import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { experienceWorkflowId } from '../../incident/experience/record.ts';
import { experienceKeeper } from '../../worker/experiences.ts';
import { taskQueueOf } from '../../worker/settings.ts';
import { experienceOf, judgeIncident } from '../../workflows/messages.ts';
import { lesson, tried } from '../incident/experience/stories.ts';
import { type Stage, setTheStage } from './incident-run.ts';
import { type Standing, standWorker } from './stand-worker.ts';

const CLUSTER = 'experienced';

let stage: Stage;
let worker: Standing;

beforeAll(async () => {
  stage = await setTheStage({ serverConfig: ['limit.historyCount.suggestContinueAsNew=60'] });
  worker = await standWorker(stage, CLUSTER);
}, 3_600_000);

afterAll(async () => {
  await worker?.stop();
  await stage?.leave();
});

describe('what was learned', () => {
  it('goes on as new with all of it once its history is long, and the same incident still teaches once', async () => {
    const { client } = stage.environment;
    const of = { cluster: CLUSTER, failureType: 'podCrash' as const };
    const keeper = experienceKeeper(client, taskQueueOf(CLUSTER));
    const handle = client.workflow.getHandle(experienceWorkflowId(of.cluster, of.failureType));
    const first = lesson([tried('restart', 'recovered')]);
    await keeper.learn(of, first);
    await handle.executeUpdate(judgeIncident, { args: [{ incident: first.incident, says: 'right', by: 'anna', reason: 'looked at it' }] });
    for (let n = 1; n < 40; n++) {
      await keeper.learn(of, lesson([tried('restart', 'recovered')]));
      await handle.query(experienceOf, 'flake', 'Deployment');
    }
    await keeper.learn(of, first);
    expect(Number((await handle.describe()).historyLength)).toBeLessThan(100);
    const known = await keeper.kept(of);
    expect(known?.incidents).toHaveLength(40);
    expect(known?.rows[0]?.counts).toMatchObject({ tries: expect.closeTo(40, 2), right: expect.closeTo(1, 2) });
  });
});
