import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import fc from 'fast-check';
import { type Cluster, Refused, TargetGone } from '../../clients/cluster.ts';
import type { Evidence } from '../../incident/evidence.ts';
import type { AuditEntry } from '../../incident/report.ts';
import { alertResolved } from '../../workflows/messages.ts';
import { evidence, failingModelServer, OOM_KILLED, readyPod, sickPod } from '../evidence.ts';
import { type Mishaps, scriptedCluster } from '../scripted-cluster.ts';
import { newTarget, runbook, runIncident, type Stage, setTheStage } from '../workflows/incident-run.ts';

const healthy = evidence({});
const badRelease = evidence({ pods: [sickPod({})], replicasReady: 0 });
const tooLittle = evidence({ pods: [sickPod({ exit: OOM_KILLED })], replicasReady: 0 });
const flake = evidence({ replicasWanted: 2, replicasReady: 1, pods: [readyPod('ranker-0'), sickPod({})] });
const imageMissing = evidence({ releases: [], replicasReady: 0, pods: [sickPod({ waiting: 'ImagePullBackOff', exit: null })] });
const unexplained = evidence({ replicasReady: 0, pods: [sickPod({ revision: 1, name: 'ranker-0' }), sickPod({})] });

/** One look, so that a hundred incidents take a minute. */
const AT_ONCE = { verify: { stableSeconds: 0, timeoutSeconds: 0 } };

let stage: Stage;

beforeAll(async () => {
  stage = await setTheStage();
}, 3_600_000);

afterAll(() => stage?.environment.teardown());

/** What stands between the incident and its target, besides the script. */
interface Obstacles extends Mishaps {
  /** The look at which the API server begins to refuse, and how; never where it is null. */
  readonly refusesLook: number | null;
  readonly refusesBy: 'noPermission' | 'gone';
  readonly refusesDryRun: boolean;
}

/** The scripted cluster with obstacles, and one record of audit lines and acts in the order in which they came. */
function observed(states: readonly Evidence[], { refusesLook, refusesBy, refusesDryRun, ...mishaps }: Obstacles) {
  const order: string[] = [];
  const script = scriptedCluster(states, mishaps);
  let looks = 0;
  const cluster: typeof script = {
    ...script,
    async observe(target) {
      if (refusesLook !== null && ++looks > refusesLook)
        throw refusesBy === 'gone' ? new TargetGone('It does not exist.') : new Refused('cannot get resource "pods"');
      return script.observe(target);
    },
    async apply(target, change, bound, options) {
      if (options.dryRun && refusesDryRun) throw new Refused('cannot patch resource "deployments"');
      if (!options.dryRun) order.push(options.key.endsWith('/undo') ? `undo ${options.key.slice(0, -5)}` : `act ${options.key}`);
      return script.apply(target, change, bound, options);
    },
  };
  const writeAudit = (line: string) => {
    const { step, key } = JSON.parse(line) as AuditEntry;
    order.push(`${step} ${key ?? ''}`.trim());
  };
  return { cluster, order, writeAudit };
}

/** Something was written down before the first of an act's tries, and something after the last of them. */
function isEnclosed(order: readonly string[], act: string, before: string, afters: readonly string[]): boolean {
  const last = Math.max(...afters.map((one) => order.lastIndexOf(one)));
  return order.indexOf(before) >= 0 && order.indexOf(before) < order.indexOf(act) && order.lastIndexOf(act) < last;
}

const obstacles: fc.Arbitrary<Obstacles> = fc.record({
  refusesLook: fc.option(fc.nat(4), { freq: 1 }),
  refusesBy: fc.constantFrom('noPermission', 'gone'),
  refusesDryRun: fc.integer({ min: 0, max: 4 }).map((number) => number === 0),
  loseFirstAnswer: fc.boolean(),
  changesBeforeFirstAct: fc.boolean(),
  undoIsTooLate: fc.boolean(),
});

const anyIncident = fc.record({
  states: fc.array(fc.constantFrom(healthy, badRelease, tooLittle, flake, imageMissing, unexplained), { minLength: 1, maxLength: 5 }),
  failureType: fc.constantFrom('podCrash' as const, 'outOfMemory' as const, 'dataQuality' as const),
  mode: fc.constantFrom('auto' as const, 'auto' as const, 'observe' as const),
  around: obstacles,
});
type AnyIncident = typeof anyIncident extends fc.Arbitrary<infer T> ? T : never;

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

describe('an incident, whatever happens around it,', () => {
  it('ends healed or with one person told, and has every act written down before and after (safety 30, 32)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyIncident, { minLength: 10, maxLength: 10 }), async (incidents) => {
        expect((await Promise.all(incidents.map(broken))).flat()).toEqual([]);
      }),
      { numRuns: 2, endOnFailure: true },
    );
  }, 240_000);

  it('says so where people look when what it did cannot be written down after, and still ends (safety 32)', async () => {
    const diskFills = (line: string) => {
      if ((JSON.parse(line) as AuditEntry).step === 'Acted') throw ApplicationFailure.nonRetryable('no space left on device');
    };
    const { outcome, told } = await runIncident(stage, runbook('podCrash'), scriptedCluster([badRelease, healthy]), newTarget(), diskFills);
    expect(outcome.kind).toBe('recovered');
    expect(told).toContainEqual(expect.stringContaining('The audit entry Acted could not be written: no space left on device'));
  });
});

describe('an incident whose target cannot be read', () => {
  const unreadable = (afterLooks: number) =>
    observed([badRelease, healthy], { refusesLook: afterLooks, refusesBy: 'noPermission', refusesDryRun: false });

  it('acts on nothing, and is neither healed nor taken for a failure with a cure (safety 18)', async () => {
    const { outcome, acts } = await runIncident(stage, runbook('podCrash'), unreadable(0).cluster);
    expect(acts).toEqual([]);
    expect(outcome).toMatchObject({ kind: 'escalated', diagnosis: null, reason: expect.stringContaining('cannot be examined') });
  });

  it('after an act is not healed, and nothing else is tried (safety 18, 19)', async () => {
    const { outcome, acts } = await runIncident(stage, runbook('podCrash', AT_ONCE), unreadable(1).cluster);
    expect(acts[0]).toBe('revision 2 (ranker:2) → revision 1 (ranker:2)');
    expect(outcome).toMatchObject({ kind: 'escalated', actions: [{ remedy: 'undoRelease', verdict: { kind: 'unknown' } }] });
  });
});

it('an alert that falls silent while the target stays ill is no cure (safety 19)', async () => {
  const cluster = scriptedCluster([badRelease]);
  const silence = (key: string) =>
    stage.environment.client.workflow
      .getHandle(key.split('/').slice(0, 2).join('/'))
      .signal(alertResolved, { name: 'A', status: 'resolved', fingerprint: 'a1', labels: {}, annotations: {} });
  const silenced: typeof cluster = {
    ...cluster,
    async apply(target, change, bound, options) {
      if (!options.dryRun) await silence(options.key);
      return cluster.apply(target, change, bound, options);
    },
  };
  const { outcome } = await runIncident(stage, runbook('podCrash', AT_ONCE), silenced);
  expect(outcome).toMatchObject({ kind: 'escalated', actions: [{ verdict: { kind: 'notRecovered' } }] });
});

it('an incident without a permission asks for that one act once, says what is missing, and tries no other way (safety 35)', async () => {
  const asked: string[] = [];
  const script = scriptedCluster([badRelease]);
  const refusing: Cluster & { acts: string[] } = {
    ...script,
    apply(_target, change, _bound, { dryRun }) {
      asked.push(`${change.kind}${dryRun ? ' (dry run)' : ''}`);
      return Promise.reject(new Refused('cannot patch resource "deployments" in API group "apps"'));
    },
  };
  const { outcome } = await runIncident(stage, runbook('podCrash', AT_ONCE), refusing);
  expect(asked).toEqual(['podTemplate (dry run)']);
  expect(outcome).toMatchObject({
    kind: 'escalated',
    reason: expect.stringContaining('cannot patch resource "deployments" in API group "apps"'),
  });
});

it.each(['dataQuality', 'accuracyDegradation'] as const)(
  'an incident of %s acts on nothing, whatever the cause, though its runbook is in auto mode and allows every remedy (safety 36)',
  async (failureType) => {
    const states: readonly Evidence[] = [badRelease, tooLittle, flake, failingModelServer()];
    const runs = await Promise.all(
      states.map((state) => runIncident(stage, runbook(failureType, AT_ONCE), scriptedCluster([state]), newTarget(state.kind))),
    );
    expect(runs.map(({ acts, outcome, escalations }) => [acts, outcome.kind, escalations.length])).toEqual(
      states.map(() => [[], 'escalated', 1]),
    );
  },
);
