import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { newTarget, runbook, runIncident, type Stage, setTheStage } from '../workflows/incident-run.ts';
import { AT_ONCE, NO_OBSTACLES, type Obstacles, observed, STATES } from './obstacles.ts';

const { healthy, badRelease, tooLittle, flake } = STATES;

let stage: Stage;

beforeAll(async () => {
  stage = await setTheStage();
}, 3_600_000);

afterAll(() => stage?.leave());

const obstacles: fc.Arbitrary<Obstacles> = fc.record({
  refusesLook: fc.option(fc.nat(4), { freq: 2 }),
  refusesBy: fc.constantFrom('noPermission', 'gone'),
  refusesDryRun: fc.integer({ min: 0, max: 4 }).map((number) => number === 0),
  loseFirstAnswer: fc.boolean(),
  changesBeforeFirstAct: fc.boolean(),
  undoIsTooLate: fc.boolean(),
});

const anyIncident = fc.record({
  states: fc.array(fc.constantFrom(...Object.values(STATES)), { minLength: 1, maxLength: 5 }),
  failureType: fc.constantFrom('podCrash' as const, 'outOfMemory' as const, 'dataQuality' as const),
  mode: fc.constantFrom('auto' as const, 'auto' as const, 'observe' as const),
  around: obstacles,
});
type AnyIncident = typeof anyIncident extends fc.Arbitrary<infer T> ? T : never;

/** One for each way through the arc, since chance alone takes some of them seldom. */
const everyWay: AnyIncident[] = (
  [
    ['podCrash', [badRelease, healthy], {}],
    ['podCrash', [badRelease], {}],
    ['podCrash', [badRelease], { undoIsTooLate: true }],
    ['podCrash', [badRelease, healthy], { loseFirstAnswer: true, changesBeforeFirstAct: true }],
    ['podCrash', [badRelease], { refusesDryRun: true }],
    ['podCrash', [flake, badRelease, healthy], {}],
    ['outOfMemory', [tooLittle], {}],
    ['outOfMemory', [tooLittle, badRelease, badRelease, healthy], {}],
    ['outOfMemory', [tooLittle, healthy], { refusesLook: 1, refusesBy: 'gone' }],
    ['dataQuality', [badRelease], {}],
  ] as const
).map(([failureType, states, around]) => ({
  ...{ failureType, states: [...states], mode: 'auto' },
  around: { ...NO_OBSTACLES, ...around },
}));

/** Something was written down before the first of an act's tries, and something after the last of them. */
function isEnclosed(order: readonly string[], act: string, before: string, afters: readonly string[]): boolean {
  const last = Math.max(...afters.map((one) => order.lastIndexOf(one)));
  return order.indexOf(before) >= 0 && order.indexOf(before) < order.indexOf(act) && order.lastIndexOf(act) < last;
}

/** What of the promise an incident broke, in words; empty when it kept it. */
async function broken({ states, failureType, mode, around }: AnyIncident): Promise<string[]> {
  const { cluster, order, writeAudit } = observed(states, around);
  const chosen = runbook(failureType, { ...AT_ONCE, mode });
  const { outcome, escalations, acts } = await runIncident(stage, chosen, cluster, newTarget(), writeAudit);
  const isHealthy = states[Math.min(acts.length, states.length - 1)] === healthy;
  const isOver = ['recovered', 'selfResolved'].includes(outcome.kind) && (isHealthy || outcome.reason.includes('no longer exists'));
  const isHandedOver = ['escalated', 'observed'].includes(outcome.kind) && escalations.length === 1 && Boolean(escalations[0]?.reason);
  const unwritten = order.filter((entry) => {
    const [what, key] = entry.split(' ');
    if (what === 'act') return !isEnclosed(order, entry, `Acting ${key}`, [`Acted ${key}`, `NotActed ${key}`]);
    return what === 'undo' && !isEnclosed(order, entry, `Undoing ${key}`, [`Undone ${key}`, `NotUndone ${key}`]);
  });
  return [
    ...(isOver || isHandedOver ? [] : [`It ended as ${outcome.kind} (${outcome.reason}), and ${escalations.length} were told.`]),
    ...unwritten.map((entry) => `Not written down before and after: ${entry}, in ${order.join(', ')}.`),
    ...(order.at(-1) === 'Closed' ? [] : ['Its end was not written down.']),
  ];
}

it('an incident, whatever happens around it, ends healed or with one person told, and has every act written down before and after (safety 30, 32)', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyIncident, { minLength: 10, maxLength: 10 }), async (incidents) => {
      expect((await Promise.all(incidents.map(broken))).flat()).toEqual([]);
    }),
    { numRuns: 2, endOnFailure: true, examples: [[everyWay]] },
  );
}, 240_000);
