import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Intake } from '../../gateway/intake.ts';
import { type AlertTaken, takeBody } from '../../gateway/take-body.ts';
import type { Alert } from '../../incident/alert.ts';
import { intakeWorkflowId } from '../../incident/incident.ts';
import { LimitsFile } from '../../runbooks/limits.ts';
import { parseRunbook } from '../../runbooks/load.ts';
import { taskQueueOf } from '../../worker/settings.ts';
import { evidence } from '../evidence.ts';
import { scriptedCluster } from '../scripted-cluster.ts';
import { until } from '../until.ts';
import { type Stage, setTheStage } from '../workflows/incident-run.ts';
import { type Standing, standWorker } from '../workflows/stand-worker.ts';

/** Its incidents settle for longer than a test lasts, so that all there is to see is who began them. */
const { runbooks } = parseRunbook(
  'a.yaml',
  'name: a\nfailureType: podCrash\nmatch: { alerts: [Crash] }\nremedies: [restart]\nsettleSeconds: 600\n',
);
const TARGETS = 60;

let stage: Stage;
let worker: Standing | undefined;
let intake: Intake;
let clusters = 0;

beforeAll(async () => {
  stage = await setTheStage();
}, 3_600_000);
afterAll(() => stage?.leave());

beforeEach(() => {
  const cluster = `many-${process.pid}-${++clusters}`;
  intake = {
    ...{ runbooks, limits: LimitsFile.parse({}), cluster, taskQueue: taskQueueOf(cluster) },
    kubernetes: { topmostOwner },
    client: stage.environment.client,
  };
});
afterEach(async () => {
  await worker?.stop();
  worker = undefined;
});

const topmostOwner: Intake['kubernetes']['topmostOwner'] = async (_namespace, _kind, name) => ({ kind: 'Deployment', name });

async function beginWork(asked: Partial<Intake['kubernetes']> = {}): Promise<void> {
  worker = await standWorker(stage, intake.cluster, { ...scriptedCluster([evidence({})]), topmostOwner, ...asked });
}

const alertOf = (target: number, status: Alert['status'] = 'firing', complaint = 0): Alert => ({
  name: 'Crash',
  status,
  fingerprint: (target * 10 + complaint).toString(16).padStart(16, '0'),
  labels: { namespace: 'ml', deployment: `ranker-${target}` },
  annotations: { summary: 'It crashes, and its token=hunter2hunter2 is shown.' },
});
/** Two alerts about each of many. */
const storm = () => Array.from({ length: 2 * TARGETS }, (_, index) => alertOf(index >> 1, 'firing', index & 1));
const take = (alerts: readonly Alert[]) => takeBody(alerts, { intake, alive: async () => 'test', taken: () => undefined });
const kinds = (taken: readonly AlertTaken[]) => [...new Set(taken.map((one) => one.taken.kind))];

const handle = () => stage.environment.client.workflow.getHandle(intakeWorkflowId(intake.cluster));
const incidentOf = (target: number) =>
  stage.environment.client.workflow.getHandle(`outage/${intake.cluster}/ml/Deployment/ranker-${target}`);
/** What reached an incident, in order. */
async function signalsOf(target: number): Promise<(string | null | undefined)[]> {
  const { events } = await incidentOf(target).fetchHistory();
  return (events ?? []).flatMap((event) => event.workflowExecutionSignaledEventAttributes?.signalName ?? []);
}

describe('a body that begins many incidents', () => {
  it('is acknowledged as soon as Temporal has it, though nobody works, and each target then has one incident (safety 5, 21)', async () => {
    expect(kinds(await take(storm()))).toEqual(['handedOver']);
    await beginWork();
    expect(await handle().result()).toEqual({ joined: 2 * TARGETS, resolved: 0, ignored: {} });
    for (let target = 0; target < TARGETS; target++) expect(await signalsOf(target)).toEqual(['alertsFired']);
  });

  it('is brought once though its sender sends it again and again before that', async () => {
    for (let times = 0; times < 3; times++) await take(storm());
    await beginWork();
    expect(await handle().result()).toEqual({ joined: 2 * TARGETS, resolved: 0, ignored: {} });
    expect(await signalsOf(0)).toEqual(['alertsFired']);
  });

  it('comes before what is sent after it, so that no resolution overtakes its alert', async () => {
    await take(storm());
    expect(kinds(await take([alertOf(0, 'resolved'), alertOf(TARGETS)]))).toEqual(['handedOver']);
    await beginWork();
    expect(await handle().result()).toEqual({ joined: 2 * TARGETS + 1, resolved: 1, ignored: {} });
    expect(await signalsOf(0)).toEqual(['alertsFired', 'alertResolved']);
  });

  it('leaves the direct way to small ones once it is brought', async () => {
    await take(storm());
    await beginWork();
    await handle().result();
    expect(await take([alertOf(0, 'resolved'), alertOf(1)])).toMatchObject([
      { taken: { kind: 'resolved' } },
      { taken: { kind: 'joined' } },
    ]);
  });

  it('goes on with another worker where the first one ends in its middle', async () => {
    await take(storm());
    let asked = 0;
    const never = new Promise<never>(() => undefined);
    await beginWork({ topmostOwner: (...what) => (++asked > TARGETS / 2 ? never : topmostOwner(...what)) });
    await until('it is in the middle', async () => asked > TARGETS / 2, 20);
    await worker?.stop().catch(() => undefined);
    await beginWork();
    expect(await handle().result()).toMatchObject({ joined: 2 * TARGETS });
    expect(await signalsOf(TARGETS - 1)).toEqual(['alertsFired']);
  });

  it('gives no secret away to whoever reads its history (safety 34)', async () => {
    await take(storm());
    await beginWork();
    await handle().result();
    const { events } = await incidentOf(0).fetchHistory();
    const texts = (events ?? []).flatMap((event) =>
      (event.workflowExecutionSignaledEventAttributes?.input?.payloads ?? []).map(({ data }) => Buffer.from(data ?? []).toString()),
    );
    expect(texts.join()).toContain('It crashes');
    expect(texts.join()).not.toContain('hunter2');
  });
});
