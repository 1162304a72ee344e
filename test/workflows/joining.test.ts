import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import type { Alert } from '../../incident/alert.ts';
import type { FailureType } from '../../incident/failure-type.ts';
import type { Outcome } from '../../incident/incident.ts';
import type { Runbook } from '../../runbooks/schema.ts';
import { alertResolved, alertsFired, story } from '../../workflows/messages.ts';
import { incidentAttributes } from '../../workflows/search-attributes.ts';
import { evidence, OOM_KILLED, sickPod } from '../evidence.ts';
import { layer } from '../limits.ts';
import { atMost, fourReady } from '../scaling.ts';
import { scriptedCluster } from '../scripted-cluster.ts';
import { newTarget, onWorker, runbook, type Stage, setTheStage, untilTold } from './incident-run.ts';

const healthy = evidence({});
const tooLittle = evidence({ pods: [sickPod({ exit: OOM_KILLED })], replicasReady: 0 });
const badRelease = evidence({ pods: [sickPod({})], replicasReady: 0 });

let stage: Stage;

beforeAll(async () => {
  stage = await setTheStage();
}, 3_600_000);

afterAll(() => stage?.leave());

const alert = (name: string): Alert => ({ name, status: 'firing', fingerprint: name, labels: {}, annotations: {} });

/** Plays an incident to which alerts come while it settles. */
function play(
  first: FailureType,
  cluster: ReturnType<typeof scriptedCluster>,
  others: readonly (readonly [name: string, type: FailureType])[],
  change: Partial<Runbook> = {},
  then: (handle: WorkflowHandle) => Promise<void> = async (handle) => untilTold(handle, /Verdict: recovered|A person is needed/),
) {
  const fire = (handle: WorkflowHandle, name: string, type: FailureType) =>
    handle.signal(alertsFired, [alert(name)], { runbook: runbook(type, { name: type, settleSeconds: 1, ...change }), limits: [layer()] });
  const chosen = runbook(first, { name: first, settleSeconds: 1, ...change });
  return onWorker(
    stage,
    chosen,
    cluster,
    newTarget(),
    () => undefined,
    async (handle) => {
      await fire(handle, 'First', first);
      for (const [name, type] of others) await fire(handle, name, type);
      await then(handle);
      const { type, typedSearchAttributes } = await handle.describe();
      for (const name of ['First', ...others.map(([one]) => one)])
        await handle.signal(alertResolved, { ...alert(name), status: 'resolved' });
      const outcome = (await handle.result()) as Outcome;
      return { type, alerts: typedSearchAttributes.get(incidentAttributes.alerts), outcome, told: await handle.query(story) };
    },
  );
}

describe('alerts of several failure types about one target', () => {
  it('are one incident that the most telling leads, with its runbook, its story and all its alerts', async () => {
    const { seen, result } = await play('networkTimeout', scriptedCluster([tooLittle, healthy]), [
      ['Crashes', 'podCrash'],
      ['Killed', 'outOfMemory'],
    ]);
    expect(result).toMatchObject({ type: 'outOfMemory', alerts: ['First', 'Crashes', 'Killed'] });
    expect(result.outcome).toMatchObject({ kind: 'recovered', actions: [{ remedy: 'raiseMemory' }] });
    expect(seen.audit).toEqual(['Reclassified', 'Acting', 'Acted', 'Verified', 'Closed']);
    const sentences = result.told.map((line) => line.slice(9));
    expect(sentences.slice(0, 4)).toEqual([
      'An alert fired; 1 s to heal by itself.',
      'The alert Crashes joined.',
      'The alert Killed joined.',
      'The alert Killed tells more of the same failure. It goes on as outOfMemory, by the runbook outOfMemory (auto).',
    ]);
  });

  it('change nothing where they tell less', async () => {
    const { seen, result } = await play('podCrash', scriptedCluster([badRelease, healthy]), [['Unreached', 'networkTimeout']]);
    expect(result).toMatchObject({ type: 'podCrash', outcome: { kind: 'recovered', actions: [{ remedy: 'undoRelease' }] } });
    expect(seen.audit).not.toContain('Reclassified');
  });

  it('change nothing once something was done: what is under way is verified by those who did it', async () => {
    const verify = { stableSeconds: 2, timeoutSeconds: 10 };
    const { result } = await play('podCrash', scriptedCluster([badRelease, healthy]), [], { verify }, async (handle) => {
      await untilTold(handle, /Attempt 1/);
      const late = runbook('outOfMemory', { name: 'outOfMemory' });
      await handle.signal(alertsFired, [alert('Late')], { runbook: late, limits: [layer()] });
      await untilTold(handle, /Verdict: recovered/);
      await handle.signal(alertResolved, { ...alert('Late'), status: 'resolved' });
    });
    expect(result).toMatchObject({ type: 'podCrash', outcome: { kind: 'recovered' } });
    expect(result.told.join('\n')).toContain('The alert Late joined.');
  });

  it('are each looked into where the most telling finds nothing wrong, and none a second time', async () => {
    const cluster = scriptedCluster([fourReady()], { contexts: [atMost(4, false), atMost(6, true)] });
    const { result } = await play('capacityShortage', cluster, [['Crashes', 'podCrash']], { remedies: ['scale'] });
    expect(result).toMatchObject({ type: 'capacityShortage', outcome: { kind: 'recovered' } });
  });
});
