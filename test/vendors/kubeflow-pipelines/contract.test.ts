import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OutsideClient } from '../../../clients/outside.ts';
import { kubeflowPipelines } from '../../../clients/pipelines/kubeflow-pipelines.ts';
import { inverse } from '../../../incident/change.ts';
import { differences, type Leeway, type Steps } from '../compare.ts';
import { type Recorded, type Recorder, record } from '../recorder.ts';
import { playScenario } from '../scenario.ts';
import { type KubeflowDouble, kubeflowDouble } from './double.ts';
import { holdRecurring, RECURRING_ID, RUN_ID } from './held.ts';

const PACKAGE = { folder: 'kubeflow-pipelines', title: 'the Python package kfp-server-api', size: 'about 20 MB' };
const STEPS = ['observe', 'retry', 'pause', 'resume'];
const SUSPEND = { kind: 'schedule', from: 'active', to: 'suspended' } as const;
const target = { cluster: 'test', namespace: 'kubeflow-pipelines', kind: 'KubeflowRecurringRun', name: RECURRING_ID } as const;

/** A filter is JSON in the query, whose keys may stand in any order. */
const ALIKE: Leeway = {
  form(request: Recorded) {
    const { filter } = request.query;
    if (filter === undefined) return request;
    const { predicates } = JSON.parse(filter) as { readonly predicates: readonly Readonly<Record<string, string>>[] };
    const sorted = predicates.map((one) => Object.entries(one).sort(([a], [b]) => a.localeCompare(b)));
    return { ...request, query: { ...request.query, filter: JSON.stringify(sorted) } };
  },
};

let double: KubeflowDouble;
let server: Recorder;
let folder: string;
let ours: { readonly steps: Steps; readonly left: unknown };
let theirs: typeof ours & { readonly printed: unknown };
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'paramedic-'));
  server = await record((request, headers) => double.answer(request, headers));
  hold();
  await playOurs();
  ours = { steps: server.steps, left: left() };
  hold();
  const printed = await playScenario(PACKAGE, server.url);
  theirs = { steps: server.steps, left: left(), printed };
}, 600_000);
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await server.close();
});

/** Holds what there is before the first step, on a server that accepts a retry and does nothing, and keeps what is asked from now on. */
function hold(): void {
  double = kubeflowDouble();
  holdRecurring(double);
  double.retries = 'nothing';
  double.token = 'sesame';
  server.begin();
}

function left(): unknown {
  return [[...double.runs.values()], [...double.recurringRuns.values()]];
}

/** The steps of `scenario.py`, by our client. */
async function playOurs(): Promise<void> {
  const path = join(folder, 'token');
  writeFileSync(path, 'sesame\n');
  const pace = { patienceMs: 20, lookEveryMs: 10 };
  const { recurringRuns } = kubeflowPipelines({ url: server.url, credentials: { kind: 'tokenFile', path } }, pace);
  const client = recurringRuns as Extract<OutsideClient, { is: 'pipeline' }>;
  const bound = { uid: RECURRING_ID, generation: 1 };
  server.step('observe');
  await client.observe(target);
  server.step('retry');
  await client.retry(target, { kind: 'sameRun', run: { name: RUN_ID, tries: 1 } }, bound, { key: 'k1', dryRun: false });
  server.step('pause');
  await client.pause(target, SUSPEND, bound, { key: 'k2', dryRun: false });
  server.step('resume');
  await client.pause(target, inverse(SUSPEND) as typeof SUSPEND, bound, { key: 'k2/undo', dryRun: false });
}

describe('our client and the Python package kfp-server-api', () => {
  it.each(STEPS)('ask the same of Kubeflow Pipelines in the step %s', (step) => {
    expect(differences(ours.steps, theirs.steps, ALIKE).filter((one) => one.step === step)).toEqual([]);
    expect(ours.steps.get(step)).toBeDefined();
  });

  it('take the same steps, and leave the same behind', () => {
    expect([...ours.steps.keys()]).toEqual(STEPS);
    expect(ours.left).toEqual(theirs.left);
  });

  it('are answered so by our double that the package reads what is meant', () => {
    expect(theirs.printed).toEqual({
      run: [RUN_ID, 'FAILED', 'The workflow failed.', 2],
      tasks: [
        ['extract', 'SUCCEEDED'],
        ['train', 'FAILED'],
      ],
      listed: [RUN_ID],
      made: ['made-2', `churn nightly (retry 1 of ${RUN_ID})`, 'PENDING'],
      recurring: ['ENABLED', '0 0 3 * * *', 'DISABLED'],
    });
  });
});
