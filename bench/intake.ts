import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Intake } from '../gateway/intake.ts';
import { gatewayMetrics } from '../gateway/metrics.ts';
import { createGateway } from '../gateway/server.ts';
import { boardOf } from '../guards/board.ts';
import { EMPTY_LEDGER } from '../guards/ledger/ledger.ts';
import { intakeWorkflowId } from '../incident/incident.ts';
import { LimitsFile } from '../runbooks/limits.ts';
import { loadRunbooks } from '../runbooks/load.ts';
import { evidence } from '../test/evidence.ts';
import { alertmanagerAlone } from '../test/gateway/open-sources.ts';
import { scriptedCluster } from '../test/scripted-cluster.ts';
import { until } from '../test/until.ts';
import { type Stage, setTheStage } from '../test/workflows/incident-run.ts';
import { standWorker } from '../test/workflows/stand-worker.ts';
import { taskQueueOf } from '../worker/settings.ts';

const ALERTS = 20_000;
const TARGETS = 2_000;
const CLUSTER = 'bench';
/** An answer of the API server. */
const ASKED_MS = 5;
const HEALTH_EVERY_MS = 20;
const PATIENCE_MS = 600_000;
const SETTLE_SECONDS = 3_600;

/** What was measured on one kind of server; milliseconds. */
interface Measured {
  readonly temporal: string;
  readonly acknowledgedMs: number;
  readonly allHaveIncidentsMs: number;
  readonly healthP50Ms: number;
  readonly healthMaxMs: number;
}

/**
 * How soon a body of 20,000 alerts that begins 2,000 incidents is acknowledged, how soon all of them are there, and how long `/healthz` takes
 * meanwhile. Gateway and worker are one process, as in `paramedic up`. `npm run bench -- intake [--json]`.
 */
export async function intake(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { json: { type: 'boolean', default: false } } });
  const folder = mkdtempSync(join(tmpdir(), 'paramedic-'));
  const rows: Measured[] = [];
  try {
    rows.push(await measureOn('in memory', await setTheStage()));
    rows.push(await measureOn('on a file', await setTheStage({ file: join(folder, 'temporal.db') })));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const line = (row: Measured) => `${row.temporal}: ${JSON.stringify({ ...row, temporal: undefined })}`;
  process.stdout.write(values.json ? `${JSON.stringify(rows)}\n` : `${rows.map(line).join('\n')}\n`);
}

async function measureOn(temporal: string, stage: Stage): Promise<Measured> {
  const topmostOwner: Intake['kubernetes']['topmostOwner'] = async (_namespace, _kind, name) => {
    await sleep(ASKED_MS);
    return { kind: 'Deployment', name: name.replace(/-\w+$/, '') };
  };
  const gateway = await openGateway(stage, topmostOwner);
  const worker = await standWorker(stage, CLUSTER, { ...scriptedCluster([evidence({})]), topmostOwner });
  const url = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`;
  const health = watchHealth(url);
  try {
    const body = storm();
    const beganMs = performance.now();
    const answer = await fetch(`${url}/alerts/alertmanager`, { method: 'POST', body });
    await answer.text();
    const acknowledgedMs = Math.round(performance.now() - beganMs);
    if (!answer.ok) throw new Error(`The gateway answered ${answer.status}.`);
    process.stderr.write(`${temporal}: acknowledged after ${acknowledgedMs} ms\n`);
    await until('all have incidents', () => isBrought(stage), 100, PATIENCE_MS);
    const allHaveIncidentsMs = Math.round(performance.now() - beganMs);
    const measured = { temporal, acknowledgedMs, allHaveIncidentsMs, ...health.seen() };
    process.stderr.write(`${JSON.stringify(measured)}\n`);
    return measured;
  } catch (error) {
    // Said first: what is ended in its middle has more to say.
    process.stderr.write(`${String(error)}\n`);
    throw error;
  } finally {
    await health.stop();
    gateway.closeAllConnections();
    await new Promise((resolve) => gateway.close(resolve));
    // It may have more in hand than it can end in time.
    await worker.stop().catch(() => undefined);
    await stage.leave().catch(() => undefined);
  }
}

/** As Alertmanager tells it of pods in a storm, about 8 MB. */
function storm(): string {
  const alerts = Array.from({ length: ALERTS }, (_, index) => ({
    status: 'firing',
    labels: {
      ...{ alertname: 'KubePodCrashLooping', namespace: 'ml', severity: 'warning', container: 'server', job: 'kube-state-metrics' },
      ...{ pod: `ranker-${index % TARGETS}-${Math.floor(index / TARGETS)}`, reason: 'CrashLoopBackOff' },
    },
    annotations: {
      summary: 'Pod is crash looping.',
      description: `Pod ml/ranker-${index % TARGETS} (server) is in waiting state (reason: "CrashLoopBackOff").`,
    },
    startsAt: '2026-03-01T10:00:00Z',
    fingerprint: index.toString(16).padStart(16, '0'),
  }));
  return JSON.stringify({ version: '4', receiver: 'paramedic', truncatedAlerts: 0, alerts });
}

async function openGateway({ environment }: Stage, topmostOwner: Intake['kubernetes']['topmostOwner']): Promise<Server> {
  const shipped = loadRunbooks(join(import.meta.dirname, '..', 'runbooks')).runbooks;
  // What incidents do once they are there is measured elsewhere.
  const runbooks = shipped.map((runbook) => ({ ...runbook, settleSeconds: SETTLE_SECONDS }));
  const taking: Intake = {
    ...{ runbooks, limits: LimitsFile.parse({}), cluster: CLUSTER, taskQueue: taskQueueOf(CLUSTER) },
    ...{ kubernetes: { topmostOwner }, client: environment.client },
  };
  const board = async () => boardOf(EMPTY_LEDGER, 0);
  const desk = { freeze: async () => [], thaw: async () => [], alive: async () => undefined, board };
  const ignore = () => undefined;
  const server = createGateway({
    ...{ intake: () => taking, desk: () => desk, decisions: () => null, people: null, slack: null, webhooks: {}, records: () => null },
    ...{ sources: alertmanagerAlone(), metrics: gatewayMetrics(), log: { debug: ignore, info: ignore, warn: ignore } },
    health: async (route) => (route === 'GET /healthz' ? { code: 200, body: 'ok\n' } : null),
  }) as Server;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

async function isBrought({ environment }: Stage): Promise<boolean> {
  const { status } = await environment.client.workflow.getHandle(intakeWorkflowId(CLUSTER)).describe();
  return status.name === 'COMPLETED';
}

function watchHealth(url: string) {
  const tookMs: number[] = [];
  let isOver = false;
  const watching = (async () => {
    for (; !isOver; await sleep(HEALTH_EVERY_MS)) {
      const askedMs = performance.now();
      await (await fetch(`${url}/healthz`)).text();
      tookMs.push(performance.now() - askedMs);
    }
  })();
  return {
    seen() {
      const sorted = tookMs.toSorted((a, b) => a - b);
      return { healthP50Ms: Math.round(sorted[sorted.length >> 1] ?? 0), healthMaxMs: Math.round(sorted.at(-1) ?? 0) };
    },
    async stop() {
      isOver = true;
      await watching.catch(() => undefined);
    },
  };
}
