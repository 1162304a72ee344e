import { describe, expect, it } from '@jest/globals';
import { CancelledFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { type Act, healingActivities } from '../../activities/healing.ts';
import { permitActivities } from '../../activities/permits.ts';
import { surveyingActivities } from '../../activities/surveying.ts';
import type { ApplyOptions, Cluster } from '../../clients/cluster.ts';
import type { PermitOffices } from '../../clients/permit-offices.ts';
import { diagnose } from '../../diagnosis/diagnose.ts';
import { QUIET_CONTEXT } from '../../incident/context.ts';
import type { Plan } from '../../incident/plan.ts';
import { evidence, sickPod } from '../evidence.ts';

const target = { cluster: 'test', namespace: 'ml', kind: 'Deployment' as const, name: 'ranker' };
const sick = evidence({ replicasReady: 0, pods: [sickPod({})] });
const plan = { uid: sick.uid, generation: sick.generation } as Plan;
const act: Act = { target, plan, key: 'k', cause: diagnose(sick, QUIET_CONTEXT).cause };
const limits = { stableSeconds: 2, timeoutSeconds: 10 };
const before = { readyBefore: 0, displacedBefore: [] };

const silence = () => new Promise<never>(() => undefined);
/** What is asked of it is never answered, not even whether it would accept a change; a write looks once more first. */
const silentCluster = {
  ...{ observe: silence, displacedPods: silence, readSurroundings: silence },
  apply: (_target: unknown, _change: unknown, _bound: unknown, { beforeWrite }: ApplyOptions) => beforeWrite?.() ?? silence(),
} as unknown as Cluster;
const silentOffices = { say: silence, whyVoid: silence, closedOf: silence } as unknown as PermitOffices;

const healing = healingActivities(silentCluster, silentOffices);
const permits = permitActivities(silentOffices);
const surveying = surveyingActivities(silentCluster);

/** Runs an activity of a worker that is told to end, and whose grace is over. */
function ending<A extends unknown[], R>(activity: (...args: A) => Promise<R>, ...args: A): Promise<unknown> {
  const environment = new MockActivityEnvironment({ scheduledTimestampMs: Date.now() });
  const running = environment.run(() => activity(...args));
  environment.cancel('WORKER_SHUTDOWN');
  return running;
}

describe('a worker that is told to end', () => {
  it.each<[string, () => Promise<unknown>]>([
    ['by a look at a target', () => ending(healing.examine, target)],
    [
      'by the question whether a plan would be accepted',
      () => ending(healing.planAct, target, 'restart', sick, {} as never, QUIET_CONTEXT),
    ],
    ['by a look at what stands around', () => ending(surveying.readSurroundings, target, plan)],
    ['by a verification', () => ending(healing.awaitRecovery, { target, limits, before })],
    ['by what is said to a permit office, which may need this very worker', () => ending(permits.sayToOffice, 'test', {})],
    ['by the question which incidents have ended', () => ending(permits.closedIncidents, [])],
    ['by the look before a write', () => ending(healing.applyPlan, act)],
  ])(
    'is not kept from it %s',
    async (_what, running) => {
      await expect(running()).rejects.toThrow(CancelledFailure);
    },
    20_000,
  );

  it('begins no write any more', async () => {
    const done: string[] = [];
    const cluster: Cluster = {
      ...silentCluster,
      async apply(_target, _change, _bound, { beforeWrite }) {
        await beforeWrite?.();
        done.push('written');
        return 'applied';
      },
    };
    await expect(ending(healingActivities(cluster, silentOffices).applyPlan, act)).rejects.toThrow(CancelledFailure);
    expect(done).toEqual([]);
  });

  it('waits for what becomes of a write that has begun', async () => {
    let answer: () => void = () => undefined;
    const cluster: Cluster = {
      ...{ ...silentCluster, observe: async () => sick, readContext: async () => QUIET_CONTEXT },
      async apply(_target, _change, _bound, { beforeWrite }) {
        await beforeWrite?.();
        await new Promise<void>((resolve) => {
          answer = resolve;
          environment.cancel('WORKER_SHUTDOWN');
        });
        return 'applied';
      },
    };
    const environment = new MockActivityEnvironment();
    const { applyPlan } = healingActivities(cluster, { whyVoid: async () => null });
    let hasEnded = false;
    const running = environment.run(applyPlan, act).finally(() => {
      hasEnded = true;
    });
    await expect(environment.context.cancelled).rejects.toThrow(CancelledFailure);
    expect(hasEnded).toBe(false);
    answer();
    await expect(running).resolves.toBeUndefined();
  });
});
