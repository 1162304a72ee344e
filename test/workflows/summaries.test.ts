import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { defaultPayloadConverter } from '@temporalio/common';
import { alertResolved } from '../../workflows/messages.ts';
import { evidence, modelServer, sickPod } from '../evidence.ts';
import { scriptedCluster } from '../scripted-cluster.ts';
import { until } from '../until.ts';
import { newTarget, onWorker, runbook, runIncident, type Stage, setTheStage, untilTold } from './incident-run.ts';

const badRelease = evidence({ pods: [sickPod({})], replicasReady: 0 });

let stage: Stage;

beforeAll(async () => {
  stage = await setTheStage();
}, 3_600_000);

afterAll(() => stage?.leave());

/** An incident that is watched for a while after it was handed over. */
async function handedOver() {
  const { seen } = await onWorker(
    stage,
    runbook('podCrash', { mode: 'observe' }),
    scriptedCluster([badRelease]),
    newTarget(),
    () => undefined,
    async (handle) => {
      await untilTold(handle, /A person is needed/);
      await until('it is watched', async () => {
        const { events } = await handle.fetchHistory();
        const names = (events ?? []).flatMap(({ activityTaskScheduledEventAttributes: activity, timerStartedEventAttributes: timer }) =>
          timer ? ['timer'] : (activity?.activityType?.name ?? []),
        );
        return names.includes('escalate') && names.lastIndexOf('timer') > names.indexOf('escalate');
      });
      await handle.signal(alertResolved, { name: 'A', status: 'resolved', fingerprint: 'a1', labels: {}, annotations: {} });
      await handle.result();
    },
  );
  return seen;
}

/** What the Web UI says that each activity and each timer of an incident was for; null where it says nothing. */
async function summaries(workflowId: string): Promise<(readonly [string, string | null])[]> {
  const { events } = await stage.environment.client.workflow.getHandle(workflowId).fetchHistory();
  return (events ?? []).flatMap(({ userMetadata, timerStartedEventAttributes: timer, activityTaskScheduledEventAttributes: activity }) => {
    if (!timer && !activity) return [];
    const summary = userMetadata?.summary ? defaultPayloadConverter.fromPayload<string>(userMetadata.summary) : null;
    return [[activity?.activityType?.name ?? 'timer', summary] as const];
  });
}

describe('the page of an incident in the Web UI', () => {
  it.each([
    ['heals', () => runIncident(stage, runbook('podCrash', { settleSeconds: 1 }), scriptedCluster([badRelease, evidence({})]))],
    ['hands over', handedOver],
    [
      'asks',
      () => runIncident(stage, runbook('podCrash', { mode: 'approve' }), scriptedCluster([badRelease]), undefined, undefined, 'reject'),
    ],
    [
      'lets a person decide',
      () => runIncident(stage, runbook('dataQuality'), scriptedCluster([modelServer({})]), undefined, undefined, 'ignore'),
    ],
  ])('says of every activity and every timer of one that %s what it was for', async (_what, run) => {
    const said = await summaries((await run()).workflowId);
    expect(said.length).toBeGreaterThan(4);
    expect(said.some(([type]) => type === 'timer')).toBe(true);
    expect(said.filter(([, summary]) => summary === null)).toEqual([]);
  });
});
