import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import type { Alert } from '../../incident/alert.ts';
import type { FailureType } from '../../incident/failure-type.ts';
import type { Outcome } from '../../incident/incident.ts';
import { alertResolved, alertsFired, story } from '../../workflows/messages.ts';
import { evidence } from '../evidence.ts';
import { scriptedCluster } from '../scripted-cluster.ts';
import { until } from '../until.ts';
import { newTarget, onWorker, runbook, type Stage, setTheStage, untilTold } from './incident-run.ts';

const alert: Alert = { name: 'Flappy', status: 'firing', fingerprint: 'f1', labels: {}, annotations: {} };

let stage: Stage;

beforeAll(async () => {
  stage = await setTheStage();
}, 3_600_000);

afterAll(() => stage?.leave());

/** An incident of a target that is well, whose alert comes and goes as the test says. */
function play(type: FailureType, quietSeconds: number, come: (handle: WorkflowHandle) => Promise<void>) {
  const chosen = runbook(type, { settleSeconds: 600, flapping: { quietSeconds, max: 2 } });
  const quiet = () => undefined;
  return onWorker(stage, chosen, scriptedCluster([evidence({})]), newTarget(), quiet, async (handle) => {
    await fire(handle);
    await end(handle, 1);
    for (const times of [1, 2]) {
      await fire(handle);
      await untilTold(handle, new RegExp(`came back \\(${times} times? now\\)`));
      await end(handle, times + 1);
    }
    await come(handle);
    return (await handle.result()) as Outcome;
  });
}

const fire = (handle: WorkflowHandle) => handle.signal(alertsFired, [alert]);

/** Is over, which the incident has then seen so often. */
async function end(handle: WorkflowHandle, times: number): Promise<void> {
  await handle.signal(alertResolved, { ...alert, status: 'resolved' });
  await until(`it has seen ${times} times that the alert is over`, async () => {
    const told = await handle.query(story);
    return told.filter((line) => line.includes('The alert is over; should it come back')).length === times;
  });
}

describe('an alert that comes and goes', () => {
  it.each<FailureType>(['podCrash', 'dataQuality'])(
    'is one incident of %s that counts how often, and ends once it stays away',
    async (type) => {
      const { seen, result } = await play(type, 5, async () => undefined);
      expect(result).toMatchObject({ kind: 'selfResolved', actions: [] });
      expect(seen.escalations).toEqual([]);
      expect(seen.told.filter((line) => line.includes('came back'))).toHaveLength(2);
    },
  );

  it('is handed to a person once it came back too often, with its name and how often', async () => {
    const { seen, result } = await play('podCrash', 600, async (handle) => {
      await fire(handle);
      await untilTold(handle, /A person is needed/);
      await handle.signal(alertResolved, { ...alert, status: 'resolved' });
    });
    expect(result.kind).toBe('escalated');
    expect(seen.escalations).toEqual([expect.objectContaining({ reason: 'Flappy flaps: it ended by itself and came back 3 times.' })]);
  });
});
