import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { permitDesk } from '../../../worker/permit-desk.ts';
import { permitOffices } from '../../../worker/permit-offices.ts';
import { guardBoard, officeLedger } from '../../../workflows/messages.ts';
import { until } from '../../until.ts';
import { type Stage, setTheStage } from '../incident-run.ts';
import { type House, openHouse } from './house.ts';
import { newIncident, openDesk } from './open-office.ts';

const LIMIT = 137;
const ATTEMPTS = 40;
const limits = { rates: { cluster: { max: LIMIT, perSeconds: 86_400 } } };

let stage: Stage;
let house: House;

beforeAll(async () => {
  // Runs so short that a test sees dozens of them.
  stage = await setTheStage({ serverConfig: ['limit.historyCount.suggestContinueAsNew=40'] });
}, 3_600_000);

beforeEach(async () => {
  house = await openHouse(stage);
});

afterEach(() => house?.leave());

afterAll(() => stage?.leave());

/** How often the office continued as new. */
async function runsOf(house: House): Promise<number> {
  const runs = stage.environment.client.workflow.list({ query: `WorkflowId = '${house.office().workflowId}'` });
  let count = 0;
  for await (const _run of runs) count++;
  return count;
}

describe('a permit office that continues as new again and again', () => {
  it('gives ten thousand that ask at once one answer each, and exactly as many permits as the limit lets through (safety 6, 9)', async () => {
    // Two workers, as two processes would be, each with its own way to the office.
    const desks = [openDesk(stage, house.cluster, limits), openDesk(stage, house.cluster, limits)] as const;
    const answers = await Promise.all(Array.from({ length: 10_000 }, (_, index) => desks[index % 2 ? 1 : 0].ask(`asked-${index}`)));
    expect(answers.filter((permit) => permit?.kind === 'granted')).toHaveLength(LIMIT);
    expect(answers.filter((permit) => permit?.kind === 'refused' && permit.guard === 'rate-limit')).toHaveLength(10_000 - LIMIT);
    const { acts } = await house.office().query(officeLedger);
    expect(new Set(acts.map(({ id }) => id)).size).toBe(LIMIT);
    await until('a dozen runs are seen', async () => (await runsOf(house)) > 12);
  }, 400_000);

  it('loses no permit, report, freeze or call of a person while it is asked all the time (safety 3, 6, 28)', async () => {
    const desk = openDesk(stage, house.cluster, {});
    await desk.open();
    const incidents = Array.from({ length: 20 }, newIncident);
    const called: string[] = [];
    let isOver = false;
    const people = (async () => {
      const { client } = stage.environment;
      const theirs = permitDesk(client, permitOffices(client, house.cluster), house.cluster, 60_000);
      for (let number = 0; !isOver; number++) {
        const namespace = `frozen-${number}`;
        await theirs.freeze({ namespace, reason: 'because', by: 'ann' });
        called.push(namespace);
      }
    })();
    await Promise.all(
      incidents.map(async (incident, index) => {
        for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
          expect(await desk.ask(`busy-${index}`, incident, attempt)).toEqual({ kind: 'granted' });
          const id = `${incident.incident}/${incident.run}/${attempt}`;
          await desk.say({ kind: 'report', report: { id, outcome: 'recovered', actedMs: Date.now() } });
        }
        await desk.say({ kind: 'left', incident, isOver: true });
      }),
    );
    isOver = true;
    await people;
    const { acts, freezes } = await house.office().query(officeLedger);
    expect(acts.map(({ id }) => id).sort()).toEqual(
      incidents.flatMap(({ incident, run }) => Array.from({ length: ATTEMPTS }, (_, index) => `${incident}/${run}/${index + 1}`)).sort(),
    );
    expect(acts.filter(({ outcome }) => outcome !== 'recovered')).toEqual([]);
    expect(freezes.map(({ namespace }) => namespace)).toEqual(called);
    expect(await house.office().query(guardBoard)).toMatchObject({ leases: [], holds: [] });
    await until('a dozen runs are seen', async () => (await runsOf(house)) > 12);
  }, 200_000);
});
