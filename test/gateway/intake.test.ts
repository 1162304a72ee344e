import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { type Intake, takeAlert } from '../../gateway/intake.ts';
import type { Alert } from '../../incident/alert.ts';
import { LimitsFile } from '../../runbooks/limits.ts';
import { parseRunbook } from '../../runbooks/load.ts';
import { registerSearchAttributes } from '../../worker/register-attributes.ts';
import { temporalProgram } from '../temporal-program.ts';

const { runbooks } = parseRunbook('a.yaml', 'name: a\nfailureType: podCrash\nmatch: { alerts: [Crash] }\nremedies: [restart]\n');

let environment: TestWorkflowEnvironment;
let intake: Intake;
let podIsGone: boolean;
let numbers = 0;
let name: string;

beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  environment = await TestWorkflowEnvironment.createLocal({
    server: { executable: { type: 'existing-path', path: await temporalProgram() } },
  });
  await registerSearchAttributes(environment.connection, 'default');
}, 3_600_000);

afterAll(() => environment?.teardown());

beforeEach(() => {
  podIsGone = false;
  name = `ranker-${++numbers}`;
  intake = {
    runbooks,
    limits: LimitsFile.parse({}),
    cluster: 'test',
    taskQueue: 'nobody-works-here',
    kubernetes: { topmostOwner: async () => (podIsGone ? null : { kind: 'Deployment', name }) },
    client: environment.client,
  };
});

const alert = (fingerprint: string, status: Alert['status'] = 'firing'): Alert => ({
  name: 'Crash',
  status,
  fingerprint,
  labels: { namespace: 'ml', pod: `${name}-1` },
  annotations: {},
});
const id = () => `outage/test/ml/Deployment/${name}`;
const runs = async () => {
  const found: string[] = [];
  for await (const { runId } of environment.client.workflow.list({ query: `WorkflowId = '${id()}'` })) found.push(runId);
  return found;
};
/** Alerts that reached the incident, in order. */
async function signals(): Promise<(string | null | undefined)[]> {
  const { events } = await environment.client.workflow.getHandle(id()).fetchHistory();
  return (events ?? []).flatMap((event) => event.workflowExecutionSignaledEventAttributes?.signalName ?? []);
}

describe('intake, on a real Temporal', () => {
  it('makes one incident of all alerts about a target, also of those about pods that a cure made (safety 5)', async () => {
    for (const [fingerprint, pod] of [
      ['a1', `${name}-1`],
      ['a2', `${name}-made-anew`],
      ['a1', `${name}-1`],
    ] as const)
      expect(await takeAlert({ ...alert(fingerprint), labels: { namespace: 'ml', pod } }, intake)).toEqual({
        kind: 'joined',
        incident: id(),
      });
    expect(await runs()).toHaveLength(1);
    expect(await signals()).toEqual(['alertsFired', 'alertsFired', 'alertsFired']);
  });

  it('says in the Web UI what the alert said, with nothing in it that could become a link or give a secret away (safety 33, 34)', async () => {
    const annotations = { summary: '[click](http://x) password=hunter2hunter2 <img>' };
    await takeAlert({ ...alert('e1'), annotations }, intake);
    const { staticDetails } = await environment.client.workflow
      .getHandle(id())
      .describe()
      .then(async (found) => ({ staticDetails: await found.staticDetails() }));
    expect(staticDetails).toBe('Runbook `a`, mode `observe`.\n\nIt says: \\[click\\](http://x) password=\\[redacted\\] \\<img\\>');
  });

  it('keeps the expression of its rule out of the history', async () => {
    await takeAlert({ ...alert('f1'), expression: 'rate(secret_path_errors[5m]) > 1' }, intake);
    const history = await environment.client.workflow.getHandle(id()).fetchHistory();
    const texts = (history.events ?? []).flatMap(({ workflowExecutionSignaledEventAttributes: signal }) =>
      (signal?.input?.payloads ?? []).map(({ data }) => Buffer.from(data ?? []).toString()),
    );
    expect(texts.join()).toContain('f1');
    expect(texts.join()).not.toContain('secret_path_errors');
  });

  it('begins nothing where the runbook is off for the namespace, and says so', async () => {
    const off = runbooks.map((runbook) => ({ ...runbook, modes: [{ namespaces: ['m*'], mode: 'off' as const }] }));
    expect(await takeAlert(alert('g1'), { ...intake, runbooks: off })).toEqual({
      kind: 'ignored',
      why: 'off',
      reason: 'The runbook a is off for the namespace ml.',
    });
    expect(await runs()).toEqual([]);
  });

  it('finds the incident of a resolution though the pod it names is gone', async () => {
    await takeAlert(alert(`b${numbers}`), intake);
    podIsGone = true;
    let taken = await takeAlert(alert(`b${numbers}`, 'resolved'), intake);
    // What is listed lags behind what is stored.
    for (let tries = 0; taken.kind !== 'resolved' && tries < 50; tries++) taken = await takeAlert(alert(`b${numbers}`, 'resolved'), intake);
    expect(taken).toEqual({ kind: 'resolved', incident: id() });
    expect(await signals()).toEqual(['alertsFired', 'alertResolved']);
  });

  it('finds the incident of a resolution by its target when the alert joined a moment ago', async () => {
    await takeAlert(alert('c1'), intake);
    await takeAlert(alert('c2'), intake);
    expect(await takeAlert(alert('c2', 'resolved'), intake)).toEqual({ kind: 'resolved', incident: id() });
  });

  it('leaves a resolution alone when no incident is open, and starts a new one when the failure comes back (safety 20)', async () => {
    await takeAlert(alert('d1'), intake);
    await environment.client.workflow.getHandle(id()).terminate();
    expect(await takeAlert(alert('d1', 'resolved'), intake)).toMatchObject({ kind: 'ignored', why: 'noOpenIncident' });
    expect(await takeAlert(alert('d1'), intake)).toEqual({ kind: 'joined', incident: id() });
    expect((await environment.client.workflow.getHandle(id()).describe()).status.name).toBe('RUNNING');
  });
});
