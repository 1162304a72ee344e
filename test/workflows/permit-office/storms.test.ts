import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import type { Outcome } from '../../../incident/incident.ts';
import { commonCauseWorkflowId } from '../../../incident/incident.ts';
import { evidence, sickPod } from '../../evidence.ts';
import { scriptedCluster } from '../../scripted-cluster.ts';
import { until } from '../../until.ts';
import { type Stage, setTheStage } from '../incident-run.ts';
import { type House, openHouse, resolve, untilTold } from './house.ts';

const healthy = evidence({});
const badRelease = evidence({ pods: [sickPod({})], replicasReady: 0 });
const SHARED = 4;
const limits = { storm: { targets: SHARED, withinSeconds: 5 } };

let stage: Stage;
let house: House;

beforeAll(async () => {
  stage = await setTheStage();
  house = await openHouse(stage);
}, 3_600_000);

afterAll(async () => {
  await house?.leave();
  await stage?.leave();
});

describe('many targets that fail at once and share an image', () => {
  it('have one incident that tells one person once, while the others follow, and are healed one by one when it is over (safety 23)', async () => {
    const names = Array.from({ length: SHARED + 2 }, (_, index) => `shared-${index}`);
    // Each is looked at for a moment before it is diagnosed, so that all are seen failing before the first may act.
    const begun = await Promise.all(
      names.map((name) => house.begin(house.target(name, scriptedCluster([badRelease, healthy])), { settleSeconds: 0 }, limits)),
    );
    const shared = { kind: 'image' as const, name: 'ranker:2' };
    const leading = stage.environment.client.workflow.getHandle(commonCauseWorkflowId(house.cluster, shared));
    await until('one incident leads', () => leading.describe().then(isTrue, isFalse));
    const followers = await followersOf(begun);
    expect(followers.length).toBeGreaterThanOrEqual(2);

    await until('a person is told', async () => house.escalations.length > 0);
    expect(house.escalations).toEqual([
      expect.objectContaining({
        incident: leading.workflowId,
        reason: expect.stringMatching(/^[456] targets fail at once that share image ranker:2: ml\/Deployment\/shared-/),
      }),
    ]);
    // What most of them shared is mended by a person; two are left, which is no storm.
    for (const follower of followers.slice(2)) house.scripts.set(nameOf(follower), scriptedCluster([healthy]));
    await Promise.all(begun.filter((one) => !followers.slice(0, 2).includes(one)).map((one) => resolve(one).catch(() => undefined)));
    await until('it is over', async () => (await leading.describe()).status.name === 'COMPLETED');
    expect(await leading.result()).toBe(
      'Fewer targets fail that share image ranker:2 than make a common cause; those that are left are healed one by one.',
    );
    const outcomes = await Promise.all(
      followers.slice(0, 2).map(async (one) => {
        await untilTold(one, /Verdict: recovered/);
        await resolve(one);
        return ((await one.result()) as Outcome).kind;
      }),
    );
    expect(outcomes).toEqual(['recovered', 'recovered']);
    expect(house.escalations).toHaveLength(1);
    expect(house.audit.filter(({ incident }) => incident === leading.workflowId).map(({ step }) => step)).toEqual(['Escalated', 'Closed']);
  }, 300_000);

  it('end when a person ends the incident that leads, which tells so (safety 30)', async () => {
    const [cluster, shared] = [`${house.cluster}-b`, { kind: 'node' as const, name: 'node-7' }];
    const lead = await stage.environment.client.workflow.start('commonCause', {
      workflowId: commonCauseWorkflowId(cluster, shared),
      taskQueue: house.cluster,
      args: [{ cluster, suspect: shared }],
    });
    await lead.signal('stormNow', { targets: ['ml/Deployment/a'], targetCount: 1, isOver: false });
    await until('it is told', async () => house.escalations.some(({ incident }) => incident === lead.workflowId));
    await lead.cancel();
    await expect(lead.result()).rejects.toThrow();
    expect(house.audit.filter(({ incident }) => incident === lead.workflowId).at(-1)).toMatchObject({
      step: 'Closed',
      text: 'A person closed it, while 1 targets failed that share node node-7.',
    });
  });

  it('wake nobody when all is over before anybody was told', async () => {
    const [cluster, shared] = [`${house.cluster}-c`, { kind: 'node' as const, name: 'node-8' }];
    const lead = await stage.environment.client.workflow.start('commonCause', {
      workflowId: commonCauseWorkflowId(cluster, shared),
      taskQueue: house.cluster,
      args: [{ cluster, suspect: shared }],
    });
    await lead.signal('stormNow', { targets: [], targetCount: 0, isOver: true });
    expect(await lead.result()).toBe('Nothing fails any more that shares node node-8; nobody was told.');
    expect(house.escalations.filter(({ incident }) => incident === lead.workflowId)).toEqual([]);
  });
});

/** Those that are told to wait since many share what they share. */
async function followersOf(begun: readonly WorkflowHandle[]): Promise<readonly WorkflowHandle[]> {
  const told = await Promise.all(
    begun.map(async (one) => {
      await untilTold(one, /Not now: \d targets fail that share image ranker:2|Verdict: recovered/);
      return (await one.query<string[]>('story')).some((line) => line.includes('Not now'));
    }),
  );
  return begun.filter((_, index) => told[index]);
}

function nameOf({ workflowId }: WorkflowHandle): string {
  return workflowId.split('/')[1] ?? '';
}

const isTrue = () => true;
const isFalse = () => false;
