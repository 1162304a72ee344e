import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Act } from '../../guards/ledger/ledger.ts';
import { permitOfficeWorkflowId } from '../../incident/incident.ts';
import type { Target } from '../../incident/target.ts';
import { targetText } from '../../incident/target.ts';
import { guardBoard, officeLedger } from '../../workflows/messages.ts';
import { until } from '../until.ts';
import { breakRelease } from './broken-release.ts';
import { DEATHS, deathsAt } from './deaths.ts';
import { outcomeOf, type Stage, setTheStage, writesTo } from './stage.ts';

let stage: Stage;
let numbers = 0;

beforeAll(async () => {
  stage = await setTheStage();
}, 3_600_000);

afterAll(() => stage?.leave(), 60_000);

const OFFICES = ['local', null] as const;

/** What the cluster's office holds of a target; empty while it cannot be asked. */
async function actsOn(target: Target): Promise<readonly Act[]> {
  const office = stage.client.workflow.getHandle(permitOfficeWorkflowId('local'));
  const acts = await office.query(officeLedger).then(
    (ledger) => ledger.acts,
    () => [],
  );
  return acts.filter((act) => act.target === targetText(target));
}

/** Moments between a permit and its end, each known by what can be seen from outside. */
const MOMENTS = {
  'between permit and act': async (target: Target) => (await actsOn(target)).length > 0,
  'between act and report': async (target: Target) => writesTo(stage, target) > 0,
  'just after the report': async (target: Target) => (await actsOn(target)).some(({ outcome }) => outcome !== null),
} as const;

describe('a permit is used once, and neither leaked nor doubled, though', () => {
  it.each(deathsAt(['Paramedic', 'Temporal'], MOMENTS))(
    '%s is killed %s (safety 1)',
    async (death, moment) => {
      const target = await breakRelease(stage, `leased-${++numbers}`);
      await until(`it is ${moment}`, () => MOMENTS[moment](target), 20);
      await DEATHS[death](stage);
      const { kind, reason } = await outcomeOf(stage, 'podCrash', target);
      expect({ kind, reason }).toEqual({ kind: 'recovered', reason: expect.any(String) });
      expect(writesTo(stage, target)).toBe(1);
      await until('the offices can be asked', async () => (await actsOn(target)).length > 0);
      expect((await actsOn(target)).filter(({ outcome }) => outcome !== 'unused').map(({ outcome }) => outcome)).toEqual(['recovered']);
      for (const office of OFFICES) {
        const { leases, holds, lostMs } = await stage.client.workflow.getHandle(permitOfficeWorkflowId(office)).query(guardBoard);
        expect({ leases, holds, lostMs }).toEqual({ leases: [], holds: [], lostMs: null });
      }
    },
    300_000,
  );
});
