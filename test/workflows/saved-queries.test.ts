import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import { incidentWorkflowId } from '../../incident/incident.ts';
import type { Runbook } from '../../runbooks/schema.ts';
import { taskQueueOf } from '../../worker/settings.ts';
import { alertResolved, asked, decide, type IncidentInput } from '../../workflows/messages.ts';
import { incidentAttributes } from '../../workflows/search-attributes.ts';
import { evidence, sickPod } from '../evidence.ts';
import { layer } from '../limits.ts';
import { scriptedCluster } from '../scripted-cluster.ts';
import { until } from '../until.ts';
import { runbook, type Stage, setTheStage, untilTold } from './incident-run.ts';
import { type Standing, standWorker } from './stand-worker.ts';

const badRelease = evidence({ pods: [sickPod({})], replicasReady: 0 });

/** What each query is to find, by the names of the targets. */
const FOUND: Readonly<Record<string, readonly string[]>> = {
  'what is open': ['ranker', 'unheard'],
  'what needs a person': ['ranker', 'unheard'],
  'what waits for a decision': ['ranker'],
  'what nobody could be told of': ['unheard'],
  'what no worker has begun': ['unbegun'],
  'one namespace': ['healed', 'ranker', 'rejected', 'watched'],
  'everything that ever failed of one target': ['ranker'],
  'what one cluster has open': ['ranker'],
  'what was healed by a remedy': ['healed'],
  'what ended without a person since a day': ['healed'],
  'what observe mode would have done something about': ['watched'],
  'what a person had to mend, of one failure': ['rejected'],
  'what ended as no incident should': ['broken'],
  'the permit offices': ['permit-office-of-all-clusters', 'permit-office/prod', 'permit-office/staging'],
};

let stage: Stage;
const standing: Standing[] = [];

function begin(name: string, change: Partial<Runbook>, { cluster = 'prod', namespace = 'ml' } = {}): Promise<WorkflowHandle> {
  const target = { cluster, namespace, kind: 'Deployment', name } as const;
  const input: IncidentInput = { target, runbook: runbook('podCrash', change), limits: [layer()] };
  return stage.environment.client.workflow.start('podCrash', {
    workflowId: incidentWorkflowId('podCrash', target),
    taskQueue: taskQueueOf(cluster),
    args: [input],
  });
}

async function end(handle: WorkflowHandle): Promise<void> {
  await handle.signal(alertResolved, { name: 'A', status: 'resolved', fingerprint: 'a1', labels: {}, annotations: {} });
  await handle.result();
}

async function untilAsked(handle: WorkflowHandle): Promise<string> {
  await until('it asks', async () => (await handle.query(asked)) !== null);
  return (await handle.query(asked))!.id;
}

/** Incidents of every kind that the queries tell apart. */
async function letThingsHappen(): Promise<void> {
  standing.push(await standWorker(stage, 'prod', scriptedCluster([badRelease])));
  standing.push(await standWorker(stage, 'staging', scriptedCluster([badRelease, evidence({})])));

  const healed = await begin('healed', {}, { cluster: 'staging' });
  await untilTold(healed, /Verdict: recovered/);
  await end(healed);

  await untilAsked(await begin('ranker', { mode: 'approve' }));

  const rejected = await begin('rejected', { mode: 'approve' });
  await rejected.executeUpdate(decide, { args: [{ plan: await untilAsked(rejected), decision: 'reject', by: 'ann' }] });
  await untilTold(rejected, /A person is needed/);
  await end(rejected);

  const watched = await begin('watched', { mode: 'observe' });
  await untilTold(watched, /A person is needed/);
  await end(watched);

  const broken = await begin('broken', { mode: 'approve' }, { namespace: 'web' });
  await untilAsked(broken);
  await broken.terminate('A test ends it as nobody should.');

  const idle = { taskQueue: 'nobody', args: [] };
  const { alerts, failureType, phase } = incidentAttributes;
  const { workflow } = stage.environment.client;
  await workflow.start('podCrash', {
    ...{ ...idle, workflowId: 'outage/test/web/Deployment/unbegun' },
    typedSearchAttributes: [{ key: alerts, value: ['a1'] }],
  });
  await workflow.start('podCrash', {
    ...{ ...idle, workflowId: 'outage/test/web/Deployment/unheard' },
    typedSearchAttributes: [
      { key: failureType, value: 'podCrash' },
      { key: phase, value: 'untold' },
    ],
  });
}

beforeAll(async () => {
  stage = await setTheStage();
  await letThingsHappen();
}, 3_600_000);

afterAll(async () => {
  for (const worker of standing) await worker.stop();
  await stage?.leave();
});

const text = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'oversight.md'), 'utf8');
const [, table] = /\| to see \| query \|\n\|---\|---\|\n((?:\|.*\n)+)/.exec(text)!;
const queries = [...table!.matchAll(/^\| (.+?) \| `(.+)` \|$/gm)].map(([, sees, query]) => [sees!, query!] as const);

/** A day before now, where the text has the day before it was written. */
function today(query: string): string {
  return query.replace(/'\d{4}-\d\d-\d\dT00:00:00Z'/, `'${new Date(Date.now() - 86_400_000).toISOString()}'`);
}

async function found(query: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { workflowId } of stage.environment.client.workflow.list({ query: today(query) }))
    names.push(workflowId.startsWith('permit-office') ? workflowId : workflowId.split('/').at(-1)!);
  return names.sort();
}

describe('the queries that are told of for the Web UI', () => {
  it('are those that are tried here', () => {
    expect(queries.map(([sees]) => sees)).toEqual(Object.keys(FOUND));
  });

  it.each(queries)('find, on a real Temporal, %s', async (sees, query) => {
    await until(
      `"${query}" finds ${FOUND[sees]}`,
      async () => JSON.stringify(await found(query)) === JSON.stringify(FOUND[sees]),
      200,
      10_000,
    );
  });
});
