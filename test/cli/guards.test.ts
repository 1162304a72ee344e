import { hostname, userInfo } from 'node:os';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type Act, EMPTY_LEDGER, type Ledger } from '../../guards/ledger/ledger.ts';
import { permitOfficeWorkflowId } from '../../incident/incident.ts';
import { taskQueueOf } from '../../worker/settings.ts';
import { type Stage, setTheStage } from '../workflows/incident-run.ts';
import { type Standing, standWorker } from '../workflows/stand-worker.ts';
import { runParamedic } from './run-paramedic.ts';

// Each starts processes of its own, on a machine that may be busy.
jest.setTimeout(120_000);

const CLUSTER = 'watched';
const me = `${userInfo().username}@${hostname()}`;
const began = Date.now() - 60_000;

const act = (id: string, change: Partial<Act> = {}): Act => ({
  ...{ id, incident: 'outage/watched/ml/Deployment/ranker', run: `run-${id}`, runbook: 'pod-crash', remedy: 'restart', isApproved: true },
  ...{ namespace: 'ml', target: 'ml/Deployment/ranker', rollback: null, nodes: [], grantedMs: began, actedMs: began },
  ...{ outcome: 'failed', endedMs: began + 1_000, relapsedMs: null },
  ...change,
});

const ledger: Ledger = {
  ...EMPTY_LEDGER,
  latestMs: began + 2_000,
  acts: [act('1'), act('2'), act('3', { outcome: null, endedMs: null, actedMs: null, target: 'ml/Deployment/churn' })],
  holds: [{ incident: 'outage/watched/ml/Deployment/churn', run: 'r', targets: ['ml/Deployment/churn'], sinceMs: began }],
  freezes: [
    {
      namespace: 'ml',
      runbook: null,
      by: 'ann',
      reason: 'a release of all rankers, which takes until the late evening',
      sinceMs: began,
      untilMs: null,
    },
  ],
  storms: [
    {
      ...{ suspect: { kind: 'node', name: 'worker-3' }, sinceMs: began, lastJoinedMs: began },
      ...{ targets: ['ml/Deployment/ranker'], targetCount: 5, limit: { targets: 5, withinSeconds: 3_600 } },
    },
  ],
  heartbeats: { 'alertmanager/old': began },
  layers: [
    {
      from: 'the cluster',
      limits: {
        rates: { cluster: { max: 3, perSeconds: 3_600 } },
        breakers: { target: { failures: 2, withinSeconds: 3_600, openSeconds: 1_800 } },
      },
    },
  ],
  refusals: [
    { incident: 'outage/watched/ml/Deployment/ranker', guard: 'freeze', reason: 'Frozen \u001b[31mred.', retryAtMs: began, atMs: began },
  ],
};

let stage: Stage;
let worker: Standing;

beforeAll(async () => {
  stage = await setTheStage();
  worker = await standWorker(stage, CLUSTER);
  await stage.environment.client.workflow.start('permitOffice', {
    workflowId: permitOfficeWorkflowId(CLUSTER),
    taskQueue: taskQueueOf(CLUSTER),
    args: [{ cluster: CLUSTER, ledger, led: [] }],
  });
}, 3_600_000);

afterAll(async () => {
  await worker?.stop();
  await stage?.leave();
});

const paramedic = (...args: readonly string[]) => runParamedic(args, { ...stage.settings, PARAMEDIC_CLUSTER: CLUSTER });

describe('paramedic guards', () => {
  it('shows everything that holds remedies back, with its reason and time, on a hundred columns', async () => {
    await paramedic('freeze', '--runbook', 'pod-crash', '--all-clusters');
    const { code, out } = await paramedic('guards');
    await paramedic('thaw', '--all-clusters');
    expect(code).toBe(0);
    expect(out.replace(/\d{4}-\d\d-\d\d( |\n +)\d\d:\d\d:\d\d/g, 'yyyy-mm-dd$1hh:mm:ss').replaceAll(me, 'me@here')).toBe(
      `Permits of cluster watched. All times are UTC.

Frozen in all clusters
  Runbook pod-crash is frozen by me@here until it is thawed.

Frozen
  Namespace ml is frozen by ann until it is thawed: a release of all rankers, which takes until the
    late evening.

Storms
  5 targets fail that share node worker-3, since yyyy-mm-dd hh:mm:ss UTC.

Circuit breakers
  target ml/Deployment/ranker: open until yyyy-mm-dd hh:mm:ss, 2 of 2 failures (the cluster)

Permits out
  restart on ml/Deployment/churn, for outage/watched/ml/Deployment/ranker, since yyyy-mm-dd hh:mm:ss

Targets held
  ml/Deployment/churn by outage/watched/ml/Deployment/churn, since yyyy-mm-dd hh:mm:ss

Budgets used
  acts in the cluster: 3 of 3 within 1 hour, the next at yyyy-mm-dd hh:mm:ss (the cluster)

Latest refusals
  yyyy-mm-dd hh:mm:ss freeze: Frozen [31mred. (outage/watched/ml/Deployment/ranker; again at
    yyyy-mm-dd hh:mm:ss)

Sources of alerts
  alertmanager/old: alive at yyyy-mm-dd hh:mm:ss
`,
    );
  });

  it('gives the whole board as JSON', async () => {
    expect(JSON.parse((await paramedic('guards', '--json')).out)).toMatchObject({
      cluster: CLUSTER,
      board: { breakers: [{ name: 'target ml/Deployment/ranker', state: 'open' }], leases: [{ id: '3' }], lostMs: null },
      frozenInAllClusters: [],
    });
  });

  it('says so where nothing holds anything back, and opens the office where there is none', async () => {
    expect(await paramedic('guards', '--all-clusters')).toEqual({
      code: 0,
      out: 'Permits of all clusters. All times are UTC.\n\nNothing is held, refused or used up.\n',
      err: '',
    });
  });

  it('does not take a slip for a reset', async () => {
    expect(await paramedic('guards', 'reset', 'target ml/Deployment/renker')).toEqual({
      code: 1,
      out: '',
      err: `Cannot reset "target ml/Deployment/renker": nothing of cluster ${CLUSTER} is called so. What can be reset: target ml/Deployment/ranker; node worker-3; source alertmanager/old; record.\n`,
    });
  });

  it('closes a circuit breaker for a person who vouches for it, by its name with or without quotes', async () => {
    const { code, out } = await paramedic('guards', 'reset', 'target', 'ml/Deployment/ranker', '--reason', 'mended', '--json');
    expect({ code, said: JSON.parse(out) }).toEqual({ code: 0, said: { cluster: CLUSTER, reset: 'target ml/Deployment/ranker', by: me } });
    expect(JSON.parse((await paramedic('guards', '--json')).out).board.breakers).toEqual([]);
  });

  it('ends a storm for a person who vouches for what it shares', async () => {
    expect((await paramedic('guards', 'reset', 'node', 'worker-3')).code).toBe(0);
    expect(JSON.parse((await paramedic('guards', '--json')).out).board.storms).toEqual([]);
  });

  it('forgets a source of alerts that is gone for good', async () => {
    expect((await paramedic('guards', 'reset', 'source', 'alertmanager/old')).out).toBe(
      `Reset for cluster ${CLUSTER} by ${me}: source alertmanager/old. What was before no longer counts.\n`,
    );
    expect(JSON.parse((await paramedic('guards', '--json')).out).sources).toEqual({});
  });
});
