import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Act } from '../../guards/ledger/ledger.ts';
import { permitOfficeWorkflowId } from '../../incident/incident.ts';
import { type Target, targetText } from '../../incident/target.ts';
import { MODEL_PARTS } from '../../sandbox/parts/part.ts';
import { guardBoard, officeLedger } from '../../workflows/messages.ts';
import { incidentAttributes } from '../../workflows/search-attributes.ts';
import { until } from '../until.ts';
import { breakRelease } from './broken-release.ts';
import { burstOn } from './burst.ts';
import { DEATHS, deathsAt } from './deaths.ts';
import { outcomeOf, type Stage, setTheStage, writesTo } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await setTheStage({ without: MODEL_PARTS });
}, 3_600_000);

afterAll(() => stage?.leave(), 60_000);

/** What the permit office of the cluster holds of a target; empty while it cannot be asked. */
async function permitsOn(target: Target): Promise<readonly Act[]> {
  const office = stage.client.workflow.getHandle(permitOfficeWorkflowId('local'));
  const acts = await office.query(officeLedger).then(
    (ledger) => ledger.acts,
    () => [],
  );
  return acts.filter((act) => act.target === targetText(target));
}

/** Moments of an incident at which something dies, each known by what can be seen from outside. */
const MOMENTS = {
  'has its permit and is about to act': async (target: Target) => (await permitsOn(target)).length > 0,
  'has acted and not yet reported it': async (target: Target) => writesTo(stage, target) > 0,
  'has just reported it': async (target: Target) => (await permitsOn(target)).some(({ outcome }) => outcome !== null),
} as const;

/** A permit was used once, and is neither leaked nor doubled. @param mayFail attempts that wrote nothing may have gone before */
async function expectOnePermit(target: Target, mayFail: boolean): Promise<void> {
  await until('the permit office can be asked', async () => (await permitsOn(target)).length > 0);
  const used = (await permitsOn(target)).filter(({ outcome }) => outcome !== 'unused' && !(mayFail && outcome === 'failed'));
  expect(used.map(({ outcome }) => outcome)).toEqual(['recovered']);
  for (const office of ['local', null]) {
    const { leases, holds, lostMs } = await stage.client.workflow.getHandle(permitOfficeWorkflowId(office)).query(guardBoard);
    expect({ leases, holds, lostMs }).toEqual({ leases: [], holds: [], lostMs: null });
  }
}

let numbers = 0;

describe('an incident is healed, its remedy applied once by the API server’s record and its permit neither leaked nor doubled, though', () => {
  it.each(deathsAt(['Paramedic', 'Temporal', 'the API server'], MOMENTS))(
    '%s is killed when it %s (safety 1, 32)',
    async (death, moment) => {
      const target = await breakRelease(stage, `ranker-${++numbers}`);
      await until(`an incident ${moment}`, () => MOMENTS[moment](target), 20);
      await DEATHS[death](stage);
      const { kind, reason, actions } = await outcomeOf(stage, 'podCrash', target);
      expect({ kind, reason }).toEqual({ kind: 'recovered', reason: expect.any(String) });
      expect(actions.map(({ remedy }) => remedy)).toEqual(['undoRelease']);
      expect(writesTo(stage, target)).toBe(1);
      // The audit trail has lines more than once where a line stood and its writer died; none is missing.
      const [action] = actions;
      const steps = stage.auditTrail(target).filter(({ key }) => key === action?.key);
      expect([...new Set(steps.map(({ step }) => step))]).toEqual(['Acting', 'Acted', 'Verified']);
      // An API server that comes up forbids for a moment what it allows later: that attempt failed, and wrote nothing.
      await expectOnePermit(target, death === 'the API server');
    },
    240_000,
  );

  it('Paramedic is killed again and again while five are open (safety 1)', async () => {
    const targets = await Promise.all(Array.from({ length: 5 }, () => breakRelease(stage, `ranker-${++numbers}`)));
    for (let deaths = 0; deaths < 3; deaths++) {
      const before = targets.reduce((sum, target) => sum + stage.auditTrail(target).length, 0);
      await until(
        'something was done since',
        async () => targets.reduce((sum, target) => sum + stage.auditTrail(target).length, 0) > before,
        20,
      );
      await DEATHS.Paramedic(stage);
      if (targets.every((target) => stage.auditTrail(target).some(({ step }) => step === 'Closed'))) break;
    }
    for (const target of targets) {
      const { kind, reason } = await outcomeOf(stage, 'podCrash', target);
      expect({ kind, reason }).toEqual({ kind: 'recovered', reason: expect.any(String) });
      expect(writesTo(stage, target)).toBe(1);
    }
  }, 400_000);

  it('Paramedic and Temporal are killed amid a burst of alerts, each told several times over: one incident per target (safety 1, 5, 21)', async () => {
    const targets = await Promise.all(Array.from({ length: 12 }, () => breakRelease(stage, `ranker-${++numbers}`)));
    const burst = burstOn(targets, stage.sandbox.addresses);
    await burst.tell();
    await until('the first incidents are there', async () => (await incidentsOf(targets)).length > 3, 20);
    await DEATHS.Paramedic(stage);
    await burst.tell();
    await DEATHS.Temporal(stage);
    await until('each target was written to', async () => targets.every((target) => writesTo(stage, target) > 0), 500, 240_000);
    await DEATHS.Paramedic(stage);
    await burst.end();
    const outcomes = await Promise.all(targets.map((target) => outcomeOf(stage, 'podCrash', target)));
    expect(outcomes.map(({ kind }) => kind)).toEqual(targets.map(() => 'recovered'));
    expect(targets.map((target) => writesTo(stage, target))).toEqual(targets.map(() => 1));
    await until('all are listed', async () => (await incidentsOf(targets)).length >= targets.length);
    expect((await incidentsOf(targets)).sort()).toEqual(targets.map(targetText).sort());
  }, 600_000);
});

/** The targets of all incidents about these, as often as there are incidents. */
async function incidentsOf(targets: readonly Target[]): Promise<string[]> {
  const texts = targets.map(targetText);
  const found: string[] = [];
  const query = "ParamedicFailureType IS NOT NULL AND ExecutionStatus != 'ContinuedAsNew'";
  for await (const { typedSearchAttributes } of stage.client.workflow.list({ query })) {
    const text = typedSearchAttributes.get(incidentAttributes.target);
    if (text && texts.includes(text)) found.push(text);
  }
  return found;
}
