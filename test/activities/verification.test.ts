import { describe, expect, it } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { healingActivities } from '../../activities/healing.ts';
import type { Cluster, DisplacedPod } from '../../clients/cluster.ts';
import { type Context, QUIET_CONTEXT } from '../../incident/context.ts';
import type { Evidence } from '../../incident/evidence.ts';
import type { Verdict } from '../../incident/verdict.ts';
import { evidence, modelServer, readyPod, sickPod } from '../evidence.ts';
import { failedRun, pipelineEvidence, run, runningRun } from '../pipeline-evidence.ts';

const target = { cluster: 'test', namespace: 'ml', kind: 'Deployment' as const, name: 'ranker' };
const healthy = evidence({});
const sick = evidence({ replicasReady: 0, pods: [sickPod({})] });

/** Verifies against a target that shows the given states look after look, the last one staying. Returns the verdict and the looks. */
async function verify(
  states: readonly (Evidence | Error)[],
  limits: { stableSeconds: number; timeoutSeconds: number },
  readyBefore = 0,
  displaced: readonly DisplacedPod[] = [],
  answers: readonly Context['golden'][] = [QUIET_CONTEXT.golden],
) {
  let looks = 0;
  let asked = 0;
  const cluster = {
    observe: async () => {
      const state = states[Math.min(looks++, states.length - 1)];
      if (state instanceof Error) throw state;
      return state;
    },
    displacedPods: async () => displaced,
    askGolden: async () => answers[Math.min(asked++, answers.length - 1)],
  } as unknown as Cluster;
  const environment = new MockActivityEnvironment({ scheduledTimestampMs: Date.now() });
  const verdict = (await environment.run(healingActivities(cluster, { whyVoid: async () => null }).awaitRecovery, {
    target,
    failureType: 'podCrash' as const,
    limits,
    before: { readyBefore, displacedBefore: ['ml/waits-already'] },
  })) as Verdict;
  return { verdict: verdict.kind, looks, asked };
}

describe('verification', () => {
  it('is content only after the target was healthy for the whole window (safety 19)', async () => {
    const { verdict, looks } = await verify([sick, healthy], { stableSeconds: 2, timeoutSeconds: 10 });
    expect(verdict).toBe('recovered');
    expect(looks).toBeGreaterThanOrEqual(4);
  }, 20_000);

  it('begins the window anew when the target falls ill within it (safety 19)', async () => {
    const { verdict, looks } = await verify([healthy, healthy, sick, healthy], { stableSeconds: 2, timeoutSeconds: 10 });
    expect(verdict).toBe('recovered');
    expect(looks).toBeGreaterThanOrEqual(6);
  }, 20_000);

  it('is notRecovered when it stays ill', async () => {
    expect((await verify([sick], { stableSeconds: 2, timeoutSeconds: 1 })).verdict).toBe('notRecovered');
  }, 20_000);

  it('is worse when fewer pods are ready than before (safety 16)', async () => {
    const fewer = evidence({ replicasWanted: 2, pods: [readyPod('a'), sickPod({})] });
    expect((await verify([fewer], { stableSeconds: 2, timeoutSeconds: 1 }, 2)).verdict).toBe('worse');
  }, 20_000);

  const wrong: Context['golden'] = { kind: 'read', value: { kind: 'wrong', by: 'churn-a', why: 'it answers 500' } };
  const right: Context['golden'] = { kind: 'read', value: { kind: 'answered', by: 2, slowestMs: 12 } };

  it('of a model server is not content with ready: its golden request is asked once it is stable, until it is answered rightly (safety 19)', async () => {
    const limits = { stableSeconds: 1, timeoutSeconds: 10 };
    expect(await verify([modelServer({})], limits, 0, [], [wrong, wrong, right])).toMatchObject({ verdict: 'recovered', asked: 3 });
    expect(await verify([modelServer({})], { stableSeconds: 1, timeoutSeconds: 2 }, 0, [], [wrong])).toMatchObject({
      verdict: 'notRecovered',
    });
  }, 30_000);

  it('is unknown where the golden request cannot be asked (safety 18)', async () => {
    const unreadable: Context['golden'] = { kind: 'unreadable', what: 'its answer', reason: 'create on pods/proxy is missing' };
    expect((await verify([modelServer({})], { stableSeconds: 1, timeoutSeconds: 1 }, 0, [], [unreadable])).verdict).toBe('unknown');
  }, 30_000);

  it('asks nothing of what serves no model', async () => {
    expect((await verify([healthy], { stableSeconds: 1, timeoutSeconds: 5 }, 0, [], [wrong])).asked).toBe(0);
  }, 20_000);

  it.each<[string, readonly (Evidence | Error)[]]>([
    ['it cannot be read', [new Error('The API server is away.')]],
    ['it can no longer be read', [healthy, new Error('The API server is away.')]],
  ])(
    'is unknown, neither recovered nor not, when %s (safety 18)',
    async (_case, states) => {
      expect((await verify(states, { stableSeconds: 2, timeoutSeconds: 1 })).verdict).toBe('unknown');
    },
    20_000,
  );

  it('of a run waits until it has ended, and no longer when it failed (safety 19)', async () => {
    const limits = { stableSeconds: 0, timeoutSeconds: 900 };
    const [running, failed, completed] = [runningRun(), failedRun(), run()].map((newest) => pipelineEvidence({ runs: [newest] }));
    expect(await verify([running!, running!, completed!], limits)).toMatchObject({ verdict: 'recovered', looks: 3 });
    expect(await verify([running!, failed!], limits)).toMatchObject({ verdict: 'notRecovered', looks: 2 });
  }, 20_000);

  it('is worse when pods of others have no place since, however well the target is (safety 16)', async () => {
    const limits = { stableSeconds: 0, timeoutSeconds: 1 };
    const waits = { pod: 'ml/waits-already', node: null };
    const onTargets = { pod: 'web/shop-1', node: readyPod('a').node };
    expect((await verify([healthy], limits, 0, [waits])).verdict).toBe('recovered');
    expect((await verify([healthy], limits, 0, [waits, { pod: 'web/shop-1', node: null }])).verdict).toBe('worse');
    expect((await verify([healthy], limits, 0, [onTargets])).verdict).toBe('worse');
  });

  it('does not mind what was evicted from a node that the target is not on', async () => {
    const elsewhere = { pod: 'web/shop-1', node: 'node-of-others' };
    expect((await verify([healthy], { stableSeconds: 0, timeoutSeconds: 1 }, 0, [elsewhere])).verdict).toBe('recovered');
  });
});
