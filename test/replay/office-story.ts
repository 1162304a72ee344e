import type { WorkflowHandle } from '@temporalio/client';
import { commonCauseWorkflowId } from '../../incident/incident.ts';
import { freeze, guardBoard, reset, sourceAlive, thaw } from '../../workflows/messages.ts';
import { evidence, sickPod } from '../evidence.ts';
import { scriptedCluster } from '../scripted-cluster.ts';
import { until } from '../until.ts';
import type { Stage } from '../workflows/incident-run.ts';
import { openHouse, resolve, untilTold } from '../workflows/permit-office/house.ts';

const healthy = evidence({});
const badRelease = evidence({ pods: [sickPod({})], replicasReady: 0 });

/** What `playOffice` leaves to be recorded. */
export const OFFICE_HISTORIES = ['permit-office', 'common-cause-led'] as const;

/** A permit office's day: a heartbeat, a freeze, acts that help and one nobody reports on, a storm that is led, and a reset. */
export async function playOffice(stage: Stage): Promise<Readonly<Record<(typeof OFFICE_HISTORIES)[number], WorkflowHandle>>> {
  const house = await openHouse(stage);
  const begin = (name: string, states = [badRelease, healthy], change = {}, limits = {}) =>
    house.begin(house.target(name, scriptedCluster(states)), change, limits);
  const end = async (one: WorkflowHandle, told: RegExp) => {
    await untilTold(one, told);
    await resolve(one);
    await one.result();
  };
  try {
    await end(await begin('first'), /Verdict: recovered/);
    const office = house.office();
    await office.signal(sourceAlive, 'alertmanager');
    await office.executeUpdate(freeze, { args: [{ reason: 'a rehearsal', forSeconds: 3_600 }] });
    await end(await begin('second', [badRelease], { patienceSeconds: 1 }), /A person is needed/);
    await office.executeUpdate(thaw, { args: [undefined] });

    const gone = await begin('third', [badRelease]);
    await untilTold(gone, /Attempt 1/);
    await gone.terminate('ended by hand');
    await until('the office lets go of its permit', async () => (await office.query(guardBoard)).leases.length === 0);

    const storm = { storm: { targets: 4, withinSeconds: 5 } };
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const many = await Promise.all(names.map((name) => begin(name, [badRelease, healthy], {}, storm)));
    const leading = stage.environment.client.workflow.getHandle(commonCauseWorkflowId(house.cluster, { kind: 'image', name: 'ranker:2' }));
    await until('a person is told of the storm', async () => house.escalations.some(({ incident }) => incident === leading.workflowId));
    for (const name of names) house.scripts.set(name, scriptedCluster([healthy]));
    for (const one of many) await resolve(one).catch(() => undefined);
    await leading.result();
    await office.executeUpdate(reset, { args: [{ of: 'source alertmanager', reason: 'a rehearsal' }] });
    return { 'permit-office': office, 'common-cause-led': leading };
  } finally {
    await house.leave();
  }
}
