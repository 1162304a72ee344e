import { afterAll, beforeAll, describe, it } from '@jest/globals';
import fc from 'fast-check';
import type { IncidentRun } from '../../../incident/incident.ts';
import { type Stage, setTheStage } from '../incident-run.ts';
import { type House, openHouse } from './house.ts';
import { type Desk, openDesk } from './open-office.ts';

const LIMIT = 5;
const INCIDENTS = 8;

let stage: Stage;

beforeAll(async () => {
  stage = await setTheStage({ serverConfig: ['limit.historyCount.suggestContinueAsNew=60'] });
}, 3_600_000);

afterAll(() => stage?.leave());

/** What one incident does in a step, in which others do something, too. */
const act = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('ask' as const), target: fc.integer({ min: 0, max: 3 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('report' as const), outcome: fc.constantFrom('recovered', 'failed', 'unused') }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('leave' as const) }) },
);
const step = fc.record({
  acts: fc.uniqueArray(fc.record({ who: fc.integer({ min: 0, max: INCIDENTS - 1 }), act }), {
    selector: ({ who }) => who,
    maxLength: INCIDENTS,
  }),
  mishap: fc.oneof(
    { weight: 5, arbitrary: fc.constant('none' as const) },
    fc.constantFrom('worker restarts' as const, 'office is terminated' as const),
  ),
});
type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;

/** What those who ask see: who was granted what, judged without a look at the office's own record. */
function openJudge(desk: Desk, incidents: readonly IncidentRun[]) {
  const holders = new Map<number, number>();
  const open = new Map<number, string>();
  const attempts = new Map<number, number>();
  let counted = 0;

  async function ask(who: number, target: number): Promise<void> {
    if (open.has(who)) return;
    const attempt = (attempts.get(who) ?? 0) + 1;
    attempts.set(who, attempt);
    const incident = incidents[who]!;
    const permit = await desk.ask(`target-${target}`, incident, attempt);
    if (permit?.kind !== 'granted') return;
    const holder = holders.get(target) ?? who;
    if (holder !== who) throw new Error(`Both ${holder} and ${who} may act on ${target}.`);
    holders.set(target, who);
    open.set(who, `${incident.incident}/${incident.run}/${attempt}`);
    if (++counted > LIMIT) throw new Error(`${counted} permits, and ${LIMIT} are the limit.`);
  }

  async function report(who: number, outcome: 'recovered' | 'failed' | 'unused'): Promise<void> {
    const id = open.get(who);
    if (id === undefined) return;
    open.delete(who);
    // From here on the office may give it to another.
    if (outcome === 'unused') counted--;
    await desk.say({ kind: 'report', report: { id, outcome, actedMs: Date.now() } });
  }

  return async (who: number, one: Act): Promise<void> => {
    if (one.kind === 'ask') return ask(who, one.target);
    if (one.kind === 'report') return report(who, one.outcome as 'recovered');
    for (const [target, holder] of holders) if (holder === who) holders.delete(target);
    open.delete(who);
    await desk.say({ kind: 'left', incident: incidents[who]!, isOver: true });
  };
}

/** Incidents whose workflows are open, and do nothing. */
function openIncidents(): Promise<readonly IncidentRun[]> {
  return Promise.all(
    Array.from({ length: INCIDENTS }, async () => {
      const workflowId = `idle-${crypto.randomUUID()}`;
      const handle = await stage.environment.client.workflow.start('podCrash', { workflowId, taskQueue: 'nobody', args: [] });
      return { incident: workflowId, run: handle.firstExecutionRunId };
    }),
  );
}

async function mishap(house: House, kind: 'none' | 'worker restarts' | 'office is terminated'): Promise<void> {
  if (kind === 'worker restarts') await house.restartWorker();
  if (kind === 'office is terminated') await house.office().terminate('by hand');
}

describe('however incidents, their outcomes and mishaps interleave', () => {
  it('a limit lets so many through and never one more, and one incident at most may act on a target (safety 2, 6)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 14 }), async (steps) => {
        const house = await openHouse(stage);
        try {
          const desk = openDesk(stage, house.cluster, { rates: { cluster: { max: LIMIT, perSeconds: 3_600 } } });
          await desk.open();
          const judge = openJudge(desk, await openIncidents());
          for (const { acts, mishap: kind } of steps)
            await Promise.all([mishap(house, kind), ...acts.map(({ who, act: one }) => judge(who, one))]);
        } finally {
          await house.leave();
        }
      }),
      { numRuns: 6, seed: 4, endOnFailure: true },
    );
  }, 300_000);
});
