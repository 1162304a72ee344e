import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { defaultPayloadConverter } from '@temporalio/common';
import type { AuditEntry } from '../../incident/audit-entry.ts';
import { experienceWorkflowId } from '../../incident/experience/record.ts';
import { emptyRecord } from '../../incident/models/kept-record.ts';
import type { Runbook } from '../../runbooks/schema.ts';
import { experienceKeeper } from '../../worker/experiences.ts';
import { judgeIncident, resetExperience, type Saying } from '../../workflows/messages.ts';
import { BAD_URI, evidence, failingModelServer, GOOD_URI, sickPod } from '../evidence.ts';
import { lesson, times, tried } from '../incident/experience/stories.ts';
import { layer } from '../limits.ts';
import { only, scriptedCluster, scriptedRegistry } from '../scripted-cluster.ts';
import { until } from '../until.ts';
import { newTarget, runbook, runDrilled, runIncident, type Stage, setTheStage } from './incident-run.ts';

const { served } = failingModelServer();
const failing = evidence({ pods: [sickPod({})], replicasReady: 0, served: { ...served, wanted: BAD_URI, serving: [], before: GOOD_URI } });
const well = evidence({ served: { ...served, wanted: GOOD_URI, serving: [GOOD_URI] } });
const rolledBack = `churn version 2 (${BAD_URI}) → churn version 1 (${GOOD_URI})`;
const undone = 'revision 2 (ranker:2) → revision 1 (ranker:2)';

let stage: Stage;

beforeAll(async () => {
  stage = await setTheStage();
}, 3_600_000);

afterAll(() => stage?.leave());

const crash = (change: Partial<Runbook> = {}) => runbook('podCrash', { remedies: ['rollBackModel', 'undoRelease'], ...change });

/** A cluster whose earlier incidents are known. */
async function taught(lessons: ReturnType<typeof lesson>[]) {
  const target = newTarget();
  const of = { cluster: target.cluster, failureType: 'podCrash' as const };
  const keeper = experienceKeeper(stage.environment.client, (await stage.worker()).taskQueue);
  for (const one of lessons) await keeper.learn(of, { ...one, target: { ...one.target, cluster: target.cluster } });
  return { target, keeper, of };
}

describe('what an incident teaches', () => {
  it('is kept once it recovered: what was tried, in how long it helped, and that nothing was tried before it', async () => {
    const { target, keeper, of } = await taught([]);
    const { outcome, workflowId } = await runIncident(stage, crash(), scriptedCluster([failing, well]), target);
    expect(outcome.kind).toBe('recovered');
    await until('it is learned', async () => (await keeper.kept(of)) !== null);
    const known = await keeper.kept(of);
    expect(known?.rows).toMatchObject([
      {
        ...{ cause: 'bad-model-version', remedy: 'rollBackModel', kind: 'Deployment' },
        counts: { tries: 1, recoveries: 1, firstTries: 1, firstCures: 1, relapses: 0, worse: 0 },
        recoveryTimes: [{ seconds: expect.any(Number) }],
        targets: [`ml/Deployment/${target.name}`],
      },
    ]);
    expect(known?.incidents).toMatchObject([{ incident: workflowId, curedMs: expect.any(Number) }]);
  });
});

describe('an incident of a drill', () => {
  it('teaches nothing: what is broken on purpose says nothing of what breaks by itself', async () => {
    const { target, keeper, of } = await taught([]);
    const { outcome } = await runDrilled(stage, crash(), scriptedCluster([failing, well]), target);
    expect(outcome.kind).toBe('recovered');
    expect(await keeper.kept(of)).toBeNull();
  });
});

describe('an incident of a failure of which something was learned', () => {
  const lessons = [...times(8, () => lesson([tried('rollBackModel', 'failed'), tried('undoRelease', 'recovered', 1)]))];

  it('tries first what cured, and says why in its story', async () => {
    const { target, keeper, of } = await taught(lessons);
    await until('all is learned', async () => (await keeper.kept(of))?.incidents.length === lessons.length);
    const { outcome, acts, told } = await runIncident(stage, crash(), scriptedCluster([failing, well]), target);
    expect(acts).toEqual([undone]);
    expect(outcome.kind).toBe('recovered');
    expect(told).toContainEqual(
      expect.stringContaining(
        'undoRelease is tried before rollBackModel, since it cured 8 of 8 such cases in 1 s, and rollBackModel cured 0 of 8 such cases.',
      ),
    );
  });

  it('keeps to the runbook where that does not let it learn', async () => {
    const { target, keeper, of } = await taught(lessons);
    await until('all is learned', async () => (await keeper.kept(of))?.incidents.length === lessons.length);
    const fixed = { ...crash().learning, reorder: false };
    const { acts } = await runIncident(stage, crash({ learning: fixed }), scriptedCluster([failing, well]), target);
    expect(acts).toEqual([rolledBack]);
  });
});

/** What an incident said to the permit offices. */
async function saidIn(workflowId: string) {
  const { events } = await stage.environment.client.workflow.getHandle(workflowId).fetchHistory();
  return (events ?? [])
    .map(({ activityTaskScheduledEventAttributes: activity }) => activity)
    .filter((activity) => activity?.activityType?.name === 'sayToOffice')
    .map((activity) => defaultPayloadConverter.fromPayload<Saying>(activity!.input!.payloads![1]!));
}

/** What an incident asked the permit offices for, without what is of the moment. */
async function askedFor(workflowId: string) {
  return (await saidIn(workflowId)).flatMap((saying) => {
    if (saying.kind !== 'ask') return [];
    const { request } = saying;
    const { incident: _, run: __, id: ___, target: ____, plan: _____, surroundings: ______, rollback: _______, ...rest } = request;
    return [rest];
  });
}

describe('whatever was learned', () => {
  const lessons = times(20, () => lesson([tried('rollBackModel', 'failed'), tried('undoRelease', 'recovered', 1)]));
  const learnedBy = async (acts: typeof lessons) => {
    const { target, keeper, of } = await taught(acts);
    await until('all is learned', async () => (await keeper.kept(of))?.incidents.length === acts.length);
    return target;
  };

  it('the guards are asked the same, but for the remedy, under the same limits (safety 37)', async () => {
    const fixed = await runIncident(stage, crash(), scriptedCluster([failing, well]));
    const learned = await runIncident(stage, crash(), scriptedCluster([failing, well]), await learnedBy(lessons));
    const [before, after] = [await askedFor(fixed.workflowId), await askedFor(learned.workflowId)];
    expect(before.map(({ remedy }) => remedy)).toEqual(['rollBackModel', 'rollBackModel']);
    expect(after).toEqual(before.map((one) => ({ ...one, remedy: 'undoRelease' })));
  });

  it('the guards are told of a longer window of relapses where targets failed again after the limit’s, and the incident says so (safety 37)', async () => {
    const again = times(3, () => {
      const cure = lesson([tried('rollBackModel', 'recovered')]);
      return [cure, lesson([], { target: cure.target, openedMs: cure.curedMs! + 2_000_000 })];
    }).flat();
    const { told, workflowId } = await runIncident(stage, crash(), scriptedCluster([failing, well]), await learnedBy(again));
    const [failure] = (await saidIn(workflowId)).filter(({ kind }) => kind === 'failure');
    expect(failure).toMatchObject({ seen: { limits: [layer(), { from: 'what was learned', limits: { relapseSeconds: 2_001 } }] } });
    expect(told.join('\n')).toContain('What fails again within 2001 s of its cure was not cured, instead of 1 s');
  });

  it('a person is asked where the runbook asks one, and nothing is done where it only observes (safety 37)', async () => {
    const target = await learnedBy(lessons);
    const observed = await runIncident(stage, crash({ mode: 'observe' }), scriptedCluster([failing, well]), target);
    expect(observed).toMatchObject({ acts: [], outcome: { kind: 'observed', reason: expect.stringContaining('undoRelease') } });
    const rejected = await runIncident(stage, crash({ mode: 'approve' }), scriptedCluster([failing, well]), target, undefined, 'reject');
    expect(rejected).toMatchObject({
      acts: [],
      requests: [
        { proposal: { consequences: { why: expect.stringContaining('rollBackModel is left out, since it cured 0 of 20 such cases.') } } },
      ],
    });
  });

  it('whoever is needed hears what was left out, and that it was not tried', async () => {
    const hopeless = times(20, () => lesson([tried('rollBackModel', 'failed'), tried('undoRelease', 'failed')]));
    const run = await runIncident(stage, crash(), scriptedCluster([failing, well]), await learnedBy(hopeless));
    expect(run).toMatchObject({ acts: [], outcome: { kind: 'escalated' } });
    expect(run.escalations[0]?.reason).toBe(
      'No remedy of this runbook is left for bad-model-version. rollBackModel is left out, since it cured 0 of 20 such cases. undoRelease is left out, since it cured 0 of 20 such cases. To have that tried again in later incidents: paramedic experience reset --type podCrash --cause bad-model-version --remedy rollBackModel --reason WHY ; paramedic experience reset --type podCrash --cause bad-model-version --remedy undoRelease --reason WHY',
    );
  });

  it('the runbook’s order is used where it cannot be read, and the incident says so', async () => {
    const target = newTarget();
    const { client } = stage.environment;
    await client.workflow.start('modelRecord', {
      workflowId: experienceWorkflowId(target.cluster, 'podCrash'),
      taskQueue: (await stage.worker()).taskQueue,
      args: [{ cluster: target.cluster, record: emptyRecord('in its place', null) }],
    });
    const { acts, told, outcome } = await runIncident(stage, crash(), scriptedCluster([failing, well]), target);
    expect(acts).toEqual([rolledBack]);
    expect(outcome.kind).toBe('recovered');
    expect(told).toContainEqual(
      expect.stringMatching(/What earlier incidents came to cannot be read \(.+\); the order of the runbook is used\./),
    );
  });
});

describe('what people say to what was learned', () => {
  const who = { by: 'anna', reason: 'looked at it' };
  const why = (call: Promise<unknown>) =>
    call.then(
      () => null,
      (error) => error.cause?.message,
    );

  it('is written down, with who said it', async () => {
    const lessons = times(2, () => lesson([tried('rollBackModel', 'failed'), tried('undoRelease', 'recovered', 1)]));
    const { target, keeper, of } = await taught(lessons);
    const written: AuditEntry[] = [];
    const world = { kubernetes: scriptedCluster([]), registries: only(scriptedRegistry()) };
    (await stage.worker()).enter('nobody', target.cluster, {
      ...world,
      channels: { escalationWebhooks: [], writeAudit: (entry) => String(written.push(entry)), log: () => undefined },
    });
    const handle = stage.environment.client.workflow.getHandle(experienceWorkflowId(of.cluster, of.failureType));
    const { incident } = lessons[0]!;
    await handle.executeUpdate(judgeIncident, { args: [{ incident, says: 'wrong', remedy: 'undoRelease', cause: 'bad-node', ...who }] });
    await handle.executeUpdate(resetExperience, { args: [{ remedy: 'rollBackModel', ...who }] });
    await until('both are written down', async () => written.length === 2);
    expect(written).toMatchObject([
      {
        ...{ step: 'Commanded', command: 'judge', incident: handle.workflowId, who: { name: 'anna', way: 'webUi' } },
        text: `anna said of ${incident} that undoRelease was wrong, and the real cause was bad-node: looked at it`,
      },
      { step: 'Commanded', command: 'reset', text: 'anna had what was learned of rollBackModel forgotten: looked at it' },
    ]);
    const known = await keeper.kept(of);
    expect(known?.rows.map(({ cause, remedy, counts }) => [cause, remedy, counts.recoveries])).toEqual(
      expect.arrayContaining([
        ['bad-node', 'undoRelease', 0],
        ['bad-model-version', 'undoRelease', expect.closeTo(1, 5)],
      ]),
    );
  });

  it.each([
    ['judge', undefined, 'Cannot understand nothing: it must be an object such as {"incident":"outage/prod/ml/Deployment/ranker"'],
    ['judge', { incident: 'outage/x', ...who }, 'Cannot understand a word that says nothing: give "says", "cause" or both.'],
    [
      'judge',
      { incident: 'outage/x', says: 'wrong', by: 'anna' },
      'Cannot understand "reason": it must be one line of 1 to 300 characters.',
    ],
    ['judge', { incident: 'outage/x', says: 'wrong', reason: 'x' }, 'Cannot take a call of nobody'],
    ['judge', { incident: 'outage/x', says: 'maybe', ...who }, 'Cannot understand "says": it must be one of right, wrong, or left out.'],
    ['judge', { incident: 'outage/x', says: 'wrong', ...who }, 'Nothing was learned of an incident "outage/x"'],
    ['reset', { ...who }, 'Cannot understand what is to be forgotten'],
    ['reset', { all: true, cause: 'flake', ...who }, 'Cannot understand what is to be forgotten'],
    ['reset', { cause: 'flake', ...who }, 'Cannot forget what was learned for flake: there is nothing.'],
    [
      'import',
      { way: 'add', experience: { rows: [], incidents: [] }, ...who },
      'Cannot understand "way": it must be one of merge, replace',
    ],
    ['import', { way: 'merge', experience: { rows: [{}], incidents: [] }, ...who }, 'experience.rows[0].cause must be one of'],
    ['import', { way: 'merge', experience: { rows: [], incidents: [], guards: [] }, ...who }, 'experience must not have "guards".'],
  ])('is refused by %s where it cannot be understood (%j), and leaves no trace', async (name, call, text) => {
    const { keeper, of } = await taught([lesson([tried('undoRelease', 'recovered')])]);
    await until('it is learned', async () => (await keeper.kept(of))?.incidents.length === 1);
    const handle = stage.environment.client.workflow.getHandle(experienceWorkflowId(of.cluster, of.failureType));
    const before = await keeper.kept(of);
    expect(await why(handle.executeUpdate(name, { args: (call === undefined ? [] : [call]) as never }))).toContain(text);
    expect(await keeper.kept(of)).toEqual(before);
  });

  it('is a page in the Web UI in which nothing is markup', async () => {
    const { keeper, of } = await taught([lesson([tried('undoRelease', 'recovered', 30)])]);
    await until('it is learned', async () => (await keeper.kept(of))?.incidents.length === 1);
    const handle = stage.environment.client.workflow.getHandle(experienceWorkflowId(of.cluster, of.failureType));
    const page = await handle
      .query<string>('__temporal_workflow_metadata')
      .then((one) => (one as unknown as { currentDetails: string }).currentDetails);
    expect(page.split('\n')).toContain('| bad-model-version | undoRelease | Deployment | cured 1 of 1 such cases in 30 s |');
  });
});
