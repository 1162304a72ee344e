import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NativeConnection } from '@temporalio/worker';
import type { Channel } from '../../clients/channels/channel.ts';
import type { DrilledIncidents } from '../../clients/drilled-incidents.ts';
import { Refused } from '../../clients/failures.ts';
import { Drill } from '../../drills/schema.ts';
import type { Alert } from '../../incident/alert.ts';
import type { AuditEntry } from '../../incident/audit-entry.ts';
import { type Outcome, permitOfficeWorkflowId } from '../../incident/incident.ts';
import type { Notice } from '../../incident/notice.ts';
import type { Runbook } from '../../runbooks/schema.ts';
import { createWorker } from '../../worker/run-worker.ts';
import { taskQueueOf } from '../../worker/settings.ts';
import type { DrillResult } from '../../workflows/drill-messages.ts';
import { guardBoard } from '../../workflows/messages.ts';
import { memoryObjects } from '../drills/memory-objects.ts';
import { evidence } from '../evidence.ts';
import { only, scriptedCluster, scriptedRegistry } from '../scripted-cluster.ts';
import { runbook, type Stage, setTheStage } from './incident-run.ts';

const DEPLOYMENT = { apiVersion: 'apps/v1', kind: 'Deployment' };
const HEALS = Drill.parse({
  name: 'a release that is undone',
  failureType: 'podCrash',
  setup: [
    { ...DEPLOYMENT, metadata: { name: 'ranker' }, spec: { replicas: 1, image: 'good' } },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' } },
  ],
  fault: [{ patch: { ...DEPLOYMENT, name: 'ranker', merge: { spec: { image: 'bad' } } } }],
  alert: { name: 'A', labels: { deployment: 'ranker' } },
  target: { kind: 'Deployment', name: 'ranker' },
  expect: { cause: 'bad-release', end: 'healed', remedy: 'undoRelease' },
  check: [{ equals: { ...DEPLOYMENT, name: 'ranker', path: 'spec.image', value: 'good' } }],
  timeoutSeconds: 5,
});

let stage: Stage;
let houses = 0;

beforeAll(async () => {
  stage = await setTheStage();
}, 3_600_000);
afterAll(() => stage?.leave());

interface Options {
  readonly runbook?: Partial<Runbook>;
  readonly labels?: Readonly<Record<string, string>>;
  /** What Paramedic does once it is told, instead of healing. */
  readonly heals?: boolean;
}

/** A cluster of its own with a worker, in which an incident is over as soon as it began. */
async function house({ runbook: policy = {}, labels = { 'paramedic.dev/drills': 'allowed' }, heals = true }: Options = {}) {
  const cluster = `drilled-${process.pid}-${++houses}`;
  const memory = memoryObjects({ staging: labels });
  const alerts: Alert[] = [];
  const audit: AuditEntry[] = [];
  const notices: Notice[] = [];
  const ended: string[] = [];
  const outcome = (kind: Outcome['kind'], remedies: readonly string[]): Outcome => ({
    kind,
    diagnosis: { cause: 'bad-release', confidence: 'high', reasons: [], rule: 'r' } as unknown as Outcome['diagnosis'],
    actions: remedies.map((remedy) => ({ remedy, undone: false })) as unknown as Outcome['actions'],
    reason: '',
  });
  const incidents: DrilledIncidents = {
    async take(alert) {
      alerts.push(alert);
      if (heals) memory.set({ kind: 'Deployment', name: alert.labels.deployment ?? '' }, { image: 'good' });
      return { incident: 'outage/a' };
    },
    see: async () => ({
      run: 'r',
      phase: 'closed',
      cause: 'bad-release',
      outcome: heals ? outcome('recovered', ['undoRelease']) : outcome('escalated', []),
    }),
    end: async (incident) => void ended.push(incident),
  };
  const phone: Channel = {
    kind: 'webhook',
    keepsKeys: true,
    async say(notice) {
      notices.push(notice);
      return null;
    },
  } as Channel;
  const connection = await NativeConnection.connect({ address: stage.environment.address });
  const worker = await createWorker({
    connection,
    namespace: stage.environment.client.options.namespace,
    taskQueue: taskQueueOf(cluster),
    kubernetes: scriptedCluster([evidence({})]),
    registries: only(scriptedRegistry()),
    channels: {
      escalationWebhooks: [],
      writeAudit: (entry) => String(audit.push(entry)),
      log: () => undefined,
      named: new Map([['phone', phone]]),
      chain: {
        severity: 'critical',
        levels: [{ afterSeconds: 0, channels: ['phone'] }],
        remindEverySeconds: 60,
        remindersMax: 1,
        quietHours: null,
      },
    },
    drills: {
      objectsIn: () => memory.objects,
      ownNamespaces: ['paramedic'],
      pack: () => [{ ...HEALS, file: 'heals.yaml' }],
      runbooks: [runbook('podCrash', policy)],
      incidents,
    },
    workflowBundle: stage.workflowBundle,
  });
  const running = worker.run();
  const { workflow } = stage.environment.client;
  const start = (tellsPeople = false) =>
    workflow.start('drills', {
      workflowId: `drills/${cluster}/staging`,
      taskQueue: taskQueueOf(cluster),
      args: [{ cluster, namespace: 'staging', names: ['heals'], asking: false, perHour: 6, tellsPeople }],
    });
  return {
    ...{ memory, alerts, audit, notices, ended, start, cluster },
    run: async (tellsPeople = false) => (await (await start(tellsPeople)).result()) as readonly DrillResult[],
    demoted: async () => (await workflow.getHandle(permitOfficeWorkflowId(cluster)).query(guardBoard)).demotions,
    drill: () => workflow.getHandle(`drill/${cluster}/staging`),
    async leave() {
      worker.shutdown();
      await running;
      await connection.close();
    },
  };
}

async function inHouse<T>(options: Options, use: (at: Awaited<ReturnType<typeof house>>) => Promise<T>): Promise<T> {
  const at = await house(options);
  try {
    return await use(at);
  } finally {
    await at.leave();
  }
}

describe('the workflow of a drill', () => {
  it('makes, breaks, tells as monitoring does, grades by the cluster, tells that it is over, and takes everything away', () =>
    inHouse({}, async ({ run, memory, alerts, audit, ended }) => {
      const [result] = await run();
      expect(result).toMatchObject({
        name: 'heals',
        verdict: 'passed',
        why: [],
        cause: 'bad-release',
        end: 'healed',
        incident: 'outage/a',
      });
      expect(memory.names()).toEqual([]);
      expect(memory.calls[0]).toMatch(/^create Job paramedic-drill-/);
      expect(alerts.map(({ status, name, labels }) => [status, name, labels.namespace])).toEqual(
        expect.arrayContaining([
          ['firing', 'A', 'staging'],
          ['resolved', 'A', 'staging'],
        ]),
      );
      expect(new Set(alerts.map(({ fingerprint }) => fingerprint)).size).toBe(1);
      expect(alerts[0]?.labels.paramedic_drill).toBeDefined();
      expect(audit.map(({ step, text }) => [step, text.replace(/:.*/, '')])).toEqual([
        ['Drilled', 'A drill begins in the namespace staging'],
        ['Drilled', 'A drill ended in the namespace staging'],
      ]);
      expect(ended).toEqual(['outage/a']);
    }));

  it('fails where the cluster is not as it is to be, whatever the incident says, demotes its runbook, and tells people once', () =>
    inHouse({ heals: false }, async ({ run, memory, notices, demoted }) => {
      const [result] = await run(true);
      expect(result).toMatchObject({ verdict: 'failed', end: 'handedOver', runbook: 'test' });
      expect(result?.why).toContainEqual(expect.stringMatching(/^Deployment ranker-.*: spec\.image is "bad", not "good"$/));
      expect(memory.names()).toEqual([]);
      expect(await demoted()).toMatchObject([{ name: 'demotion test/*/*', why: expect.stringMatching(/^its drill ".*" failed$/) }]);
      expect(notices).toEqual([
        expect.objectContaining({
          kind: 'page',
          severity: 'warning',
          escalation: expect.objectContaining({
            reason: expect.stringContaining('1 of 1 drills failed'),
            nextStep:
              "A person must allow each act of test from now on. Find out why; once a drill passes: paramedic guards reset 'demotion test/*/*'",
          }),
        }),
      ]);
    }));

  it('tells nobody of what has passed', () =>
    inHouse({}, async ({ run, notices }) => {
      await run(true);
      expect(notices).toEqual([]);
    }));

  it('makes nothing where the namespace does not let it, and says how to', () =>
    inHouse({ labels: {} }, async ({ start, memory }) => {
      await expect((await start()).result()).rejects.toMatchObject({
        cause: {
          cause: {
            type: 'DrillForbidden',
            message: expect.stringContaining('kubectl label namespace staging paramedic.dev/drills=allowed'),
          },
        },
      });
      expect(memory.calls).toEqual([]);
    }));

  it.each(['observe', 'approve'] as const)(
    'cannot be played, and makes nothing, where its runbook is in the mode %s and is to heal',
    (mode) =>
      inHouse({ runbook: { mode } }, async ({ run, memory }) => {
        expect(await run()).toMatchObject([{ verdict: 'notPlayed', why: [expect.stringContaining(`has the mode ${mode}`)] }]);
        expect(memory.calls).toEqual([]);
      }),
  );

  it.each([['making', /^create ConfigMap/] as const, ['breaking', /^patch Deployment/] as const])(
    'takes away what is there where %s is refused, and has not been played',
    (_, call) =>
      inHouse({}, async ({ run, memory, alerts }) => {
        memory.beforeEachWrite((one) => {
          if (call.test(one)) throw new Refused('No.');
        });
        expect(await run()).toMatchObject([{ verdict: 'notPlayed', why: [expect.stringMatching(/cannot be done: No\.$/)] }]);
        expect(memory.names()).toEqual([]);
        expect(alerts).toEqual([]);
      }),
  );

  it('stops writing as soon as leave is withdrawn, and still takes away what it has made', () => {
    const labels: Record<string, string> = { 'paramedic.dev/drills': 'allowed' };
    return inHouse({ labels }, async ({ run, memory }) => {
      memory.beforeEachWrite((one) => {
        if (one.startsWith('create Deployment')) delete labels['paramedic.dev/drills'];
      });
      expect(await run()).toMatchObject([{ verdict: 'notPlayed', why: [expect.stringContaining('it has no label')] }]);
      expect(memory.calls.filter((one) => one.startsWith('create'))).toHaveLength(2);
      expect(memory.names()).toEqual([]);
    });
  });

  it('takes away what earlier drills have left before it makes anything', () =>
    inHouse({}, async ({ run, memory }) => {
      await memory.objects.create({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'left', ...{ labels: { 'paramedic.dev/drill': 'lost' } } },
      });
      await run();
      expect(memory.calls.indexOf('remove ConfigMap left')).toBe(1);
      expect(memory.names()).toEqual([]);
    }));

  it('takes everything away where all drills are ended without a word', () =>
    inHouse({}, async ({ start, memory, drill }) => {
      const broken = new Promise<void>((resolve) => memory.beforeEachWrite((one) => one.startsWith('patch') && resolve()));
      const handle = await start();
      await broken;
      await handle.terminate();
      expect(await drill().result()).toMatchObject({ verdict: expect.stringMatching(/notPlayed|passed/) });
      expect(memory.names()).toEqual([]);
    }));
});
