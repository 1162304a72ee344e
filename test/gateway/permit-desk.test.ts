import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Intake } from '../../gateway/intake.ts';
import { gatewayMetrics } from '../../gateway/metrics.ts';
import { createGateway } from '../../gateway/server.ts';
import { permitOfficeWorkflowId } from '../../incident/incident.ts';
import { LimitsFile } from '../../runbooks/limits.ts';
import { permitDesk } from '../../worker/permit-desk.ts';
import { permitOffices } from '../../worker/permit-offices.ts';
import { taskQueueOf } from '../../worker/settings.ts';
import { officeLedger, thaw } from '../../workflows/messages.ts';
import { type Stage, setTheStage } from '../workflows/incident-run.ts';
import { type Standing, standWorker } from '../workflows/stand-worker.ts';
import { alertmanagerAlone } from './open-sources.ts';
import { ANN, slackFor, slash } from './slack-request.ts';

jest.setTimeout(120_000);

const CLUSTER = 'gated';

let stage: Stage;
let worker: Standing;
let gateways: readonly Server[];

beforeAll(async () => {
  stage = await setTheStage();
  worker = await standWorker(stage, CLUSTER);
  gateways = [openGateway(), openGateway()];
  await Promise.all(gateways.map((gateway) => new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve))));
}, 3_600_000);

afterAll(async () => {
  await Promise.all((gateways ?? []).map((gateway) => new Promise((resolve) => gateway.close(resolve))));
  await worker?.stop();
  await stage?.leave();
});

function openGateway(): Server {
  const { client } = stage.environment;
  const intake: Intake = {
    ...{ runbooks: [], limits: LimitsFile.parse({}), cluster: CLUSTER, taskQueue: taskQueueOf(CLUSTER) },
    ...{ kubernetes: { topmostOwner: async () => null }, client },
  };
  const note = () => undefined;
  const desk = permitDesk(client, permitOffices(client, taskQueueOf(CLUSTER)), CLUSTER, 10_000);
  return createGateway({
    intake: () => intake,
    desk: () => desk,
    decisions: () => null,
    people: null,
    slack: slackFor([ANN], () => desk),
    webhooks: {},
    records: () => null,
    sources: alertmanagerAlone(),
    metrics: gatewayMetrics(),
    health: async () => null,
    log: { debug: note, info: note, warn: note },
  });
}

const urlOf = (gateway: Server) => `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`;
const office = () => stage.environment.client.workflow.getHandle(permitOfficeWorkflowId(CLUSTER));

async function sendWatchdog(): Promise<number> {
  const alert = { status: 'firing', fingerprint: 'f0', labels: { alertname: 'Watchdog', namespace: 'monitoring', pod: 'prometheus-0' } };
  const body = JSON.stringify({ version: '4', receiver: 'paramedic', alerts: [alert] });
  return (await fetch(`${urlOf(gateways[0]!)}/alerts/alertmanager`, { method: 'POST', body })).status;
}

async function signalsOf(): Promise<readonly string[]> {
  const { events } = await office().fetchHistory();
  return (events ?? []).flatMap((event) => event.workflowExecutionSignaledEventAttributes?.signalName ?? []);
}

describe('the gateway and its permit office, on a real Temporal', () => {
  it('opens the office for the alert that always fires, tells it of the source once in a while, and starts no incident', async () => {
    const beganMs = Date.now();
    expect(await sendWatchdog()).toBe(200);
    expect(await sendWatchdog()).toBe(200);
    const { heartbeats } = await office().query(officeLedger);
    expect(Object.keys(heartbeats)).toEqual(['alertmanager/paramedic']);
    expect(Math.abs(heartbeats['alertmanager/paramedic']! - beganMs)).toBeLessThan(60_000);
    expect(await signalsOf()).toEqual(['sourceAlive']);
    for await (const { type } of stage.environment.client.workflow.list()) expect(type).toBe('permitOffice');
  });

  it('takes a command from Slack once, whichever gateway it is replayed to (safety 29)', async () => {
    const { headers, body } = slash('freeze namespace=ml for=2h');
    const send = (gateway: Server) => fetch(`${urlOf(gateway)}/slack/commands`, { method: 'POST', headers, body });
    expect(((await (await send(gateways[0]!)).json()) as { text: string }).text).toMatch(/^Namespace ml is frozen by ann /);
    expect((await office().query(officeLedger)).freezes).toMatchObject([{ namespace: 'ml', runbook: null }]);
    await office().executeUpdate(thaw, { args: [undefined] });
    expect((await send(gateways[0]!)).status).toBe(409);
    await send(gateways[1]!);
    expect((await office().query(officeLedger)).freezes).toEqual([]);
  });
});
