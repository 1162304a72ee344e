import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Outcome } from '../../../incident/incident.ts';
import { targetText } from '../../../incident/target.ts';
import { quietSurroundings } from '../../../rehearsal/quiet-surroundings.ts';
import { guardBoard, officeLedger } from '../../../workflows/messages.ts';
import { evidence, OOM_KILLED, sickPod } from '../../evidence.ts';
import { scriptedCluster } from '../../scripted-cluster.ts';
import { until } from '../../until.ts';
import { type Stage, setTheStage } from '../incident-run.ts';
import { type House, openHouse, resolve, untilTold } from './house.ts';

const healthy = evidence({});
const badRelease = evidence({ pods: [sickPod({})], replicasReady: 0 });
const tooLittle = evidence({ pods: [sickPod({ exit: OOM_KILLED })], replicasReady: 0 });
const verifiesLong = { alertEndsSeconds: 600, verify: { stableSeconds: 0, timeoutSeconds: 600 } };

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

/** A target whose first cure does not help until the test says so. */
function slowlyCured(name: string, owned: readonly string[] = []) {
  const states = [badRelease, badRelease];
  const object = quietSurroundings(badRelease, { kind: 'pod', name: '', uid: '' }).object;
  if (object.kind !== 'read') throw new Error('The script shows its object.');
  const related = { kind: 'read' as const, value: { ...object.value, related: owned } };
  const target = house.target(name, scriptedCluster(states, { surroundings: { object: related } }));
  return { target, cure: () => states.splice(1, 1, healthy) };
}

async function outcomeOf(handle: Awaited<ReturnType<House['begin']>>): Promise<Outcome> {
  await resolve(handle).catch(() => undefined);
  return (await handle.result()) as Outcome;
}

describe('two incidents of one cluster', () => {
  it('do not act on one target at a time: the second waits, says why, and goes on when the first is over (safety 2)', async () => {
    const { target, cure } = slowlyCured('locked');
    const first = await house.begin(target, verifiesLong);
    await untilTold(first, /Attempt 1/);
    const second = await house.begin(target);
    await untilTold(second, /Not now: .* acts on ml\/Deployment\/locked; only one incident may at a time/);
    expect(house.scripts.get('locked')?.acts).toHaveLength(1);
    const { currentDetails } = await second.query<{ currentDetails: string }>('__temporal_workflow_metadata');
    expect(currentDetails).toContain('only one incident may at a time');
    expect(house.audit.filter(({ incident }) => incident === second.workflowId)).toEqual([
      expect.objectContaining({ step: 'Opened' }),
      expect.objectContaining({
        step: 'Refused',
        text: `target-lock: ${first.workflowId} acts on ml/Deployment/locked; only one incident may at a time.`,
      }),
    ]);
    cure();
    expect((await outcomeOf(first)).kind).toBe('recovered');
    expect(await outcomeOf(second)).toMatchObject({ kind: 'selfResolved', actions: [] });
    expect((await house.office().query(guardBoard)).holds).toEqual([]);
  });

  it('do not act on an owner and on what it owns at a time (safety 2)', async () => {
    const owner = slowlyCured('owner', ['ml/Deployment/owned']);
    const owned = slowlyCured('owned', [targetText(owner.target)]);
    const first = await house.begin(owner.target, verifiesLong);
    await untilTold(first, /Attempt 1/);
    const second = await house.begin(owned.target, { patienceSeconds: 1 });
    await untilTold(second, /A person is needed: .*\/owner\/.* acts on ml\/Deployment\/owne/);
    expect(house.scripts.get('owned')?.acts).toEqual([]);
    owner.cure();
    await Promise.all([first, second].map(outcomeOf));
  });

  it('share a rate: what it lets through is used up by whoever comes first, and the next asks a person when it is far away', async () => {
    const limits = { rates: { namespace: { max: 1, perSeconds: 3_600 } } };
    const used = (await house.office().query(officeLedger)).acts.length;
    expect(used).toBeGreaterThan(0);
    const { target } = slowlyCured('late');
    const incident = await house.begin(target, { patienceSeconds: 60 }, limits);
    await untilTold(
      incident,
      /A person is needed: 1 act in namespace ml within 1 hour: the limit of the cluster is reached\. It may be tried again at/,
    );
    expect(house.scripts.get('late')?.acts).toEqual([]);
    expect(await outcomeOf(incident)).toMatchObject({ kind: 'escalated', actions: [] });
    expect(house.escalations.filter((one) => one.incident === incident.workflowId)).toHaveLength(1);
  });

  it('count a cure that did not last, though another incident made it (safety 4)', async () => {
    const limits = { relapseSeconds: 3_600, target: { max: 1, perSeconds: 3_600 } };
    const outOfMemory = { failureType: 'outOfMemory' as const, patienceSeconds: 60 };
    const target = house.target('relapsing', scriptedCluster([tooLittle, healthy]));
    expect((await outcomeOf(await house.begin(target, outOfMemory, limits))).kind).toBe('recovered');
    house.target('relapsing', scriptedCluster([tooLittle, healthy]));
    const second = await house.begin(target, outOfMemory, limits);
    await untilTold(second, /A person is needed: 1 attempts on ml\/Deployment\/relapsing within 1 hour did not help for good/);
    expect(house.scripts.get('relapsing')?.acts).toEqual([]);
    await outcomeOf(second);
  });
});

describe('an incident lets go', () => {
  it('when a person cancels it', async () => {
    const { target } = slowlyCured('cancelled');
    const incident = await house.begin(target, verifiesLong);
    await untilTold(incident, /Attempt 1/);
    await incident.cancel();
    await expect(incident.result()).rejects.toThrow();
    await untilNothingHeldBy(incident.workflowId);
  });

  it('when a person terminates it, though it says no word (safety 30)', async () => {
    const { target } = slowlyCured('terminated');
    const incident = await house.begin(target, verifiesLong);
    await untilTold(incident, /Attempt 1/);
    expect((await house.office().query(guardBoard)).holds.map((hold) => hold.incident)).toContain(incident.workflowId);
    await incident.terminate();
    await untilNothingHeldBy(incident.workflowId);
  });
});

async function untilNothingHeldBy(incident: string): Promise<void> {
  await until(`nothing is held by ${incident}`, async () => {
    const { holds, leases } = await house.office().query(guardBoard);
    return [...holds, ...leases].every((one) => one.incident !== incident);
  });
}
