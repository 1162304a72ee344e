import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { AppsV1Api, BatchV1Api, CoreV1Api, type KubeConfig } from '@kubernetes/client-node';
import { Client, Connection } from '@temporalio/client';
import pino from 'pino';
import { Registry } from 'prom-client';
import { startWatch } from '../../cli/processes/watch-part.ts';
import { kubernetesCluster } from '../../clients/kubernetes/cluster.ts';
import { leaseLeadership } from '../../clients/kubernetes/watching/lease.ts';
import { rawReader } from '../../clients/kubernetes/watching/raw-reader.ts';
import { NO_SYSTEMS } from '../../clients/systems.ts';
import { type Intake, takeAlert } from '../../gateway/intake.ts';
import type { Alert } from '../../incident/alert.ts';
import { watchFigures } from '../../watch/figures.ts';
import { openServerClock } from '../../watch/server-clock.ts';
import { watchCluster } from '../../watch/watch-cluster.ts';
import { openAlertsOf } from '../../worker/open-alerts.ts';
import { registerSearchAttributes } from '../../worker/register-attributes.ts';
import { loadPolicy } from '../../worker/services.ts';
import { readSettings, type Settings } from '../../worker/settings.ts';
import { openRealCluster, type RealCluster } from '../clients/real-cluster.ts';
import { until } from '../until.ts';
import { type Disturbance, type DisturbingProxy, openDisturbingProxy } from './disturbing-proxy.ts';

const CLUSTER = 'watched';
const RELIST_MS = 4_000;
/** What takes minutes for people's sake takes seconds here. */
const HOLD = { KubeContainerWaiting: 3, KubePodNotReady: 5, KubePodUnschedulable: 3, KubePersistentVolumeClaimPending: 3 };
/** Events of watches as no API server sends them, and as networks and stale caches make them. */
const DISTURBED: readonly Disturbance[] = ['pass', 'drop', 'repeat', 'stale', 'pass', 'delay', 'drop', 'stale', 'cut'];
jest.setTimeout(120_000);

let real: RealCluster;
let connection: Connection;
let client: Client;
let core: CoreV1Api;
let apps: AppsV1Api;
let batch: BatchV1Api;
const opened: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  real = await openRealCluster('temporal');
  connection = await Connection.connect({ address: real.sandbox.addresses.temporalAddress });
  await registerSearchAttributes(connection, 'default');
  client = new Client({ connection });
  core = real.admin.makeApiClient(CoreV1Api);
  apps = real.admin.makeApiClient(AppsV1Api);
  batch = real.admin.makeApiClient(BatchV1Api);
}, 3_600_000);
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});
afterAll(async () => {
  await connection?.close();
  await real?.leave();
}, 60_000);

const soon = (what: string, holds: () => Promise<boolean>) => until(what, holds, 50, 60_000);

interface Template {
  readonly annotations?: Record<string, string>;
  readonly image?: string;
  readonly nodeSelector?: Record<string, string>;
}

function podTemplate(app: string, template: Template, restartPolicy?: string) {
  const { annotations = {}, image = 'registry.example/app:1', nodeSelector = {} } = template;
  return {
    metadata: { labels: { app }, annotations },
    spec: { containers: [{ name: 'main', image }], nodeSelector, ...(restartPolicy ? { restartPolicy } : {}) },
  };
}

const deploy = (namespace: string, name: string, template: Template = {}, replicas = 1) =>
  apps.createNamespacedDeployment({
    namespace,
    body: { metadata: { name }, spec: { replicas, selector: { matchLabels: { app: name } }, template: podTemplate(name, template) } },
  });
const run = (namespace: string, name: string, annotations: Record<string, string>, labels: Record<string, string> = {}) =>
  batch.createNamespacedJob({
    namespace,
    body: { metadata: { name, labels }, spec: { backoffLimit: 0, template: podTemplate(name, { annotations }, 'Never') } },
  });

/** Incidents that are open, by their ids without the cluster. */
async function incidents(): Promise<string[]> {
  const found: string[] = [];
  for await (const { workflowId } of client.workflow.list({ query: "ExecutionStatus = 'Running'" }))
    found.push(workflowId.replace(`/${CLUSTER}/`, '/'));
  return found.sort();
}

/** By the shipped runbooks. */
function intakeOf(settings: Settings): Intake {
  const kubernetes = kubernetesCluster(real.ours, NO_SYSTEMS);
  return { ...loadPolicy(settings, false), cluster: CLUSTER, taskQueue: `paramedic-${CLUSTER}`, kubernetes, client };
}

/** A watch from its beginning on, with what it brought to Temporal. */
function watch(config: KubeConfig, namespaces: readonly string[]) {
  const elapsedMs = () => performance.now();
  const clock = openServerClock(elapsedMs);
  const intake = intakeOf(readSettings({}));
  const taken: string[] = [];
  const warnings: object[] = [];
  const stopping = new AbortController();
  const running = watchCluster(
    {
      ...{ cluster: CLUSTER, namespaces, clock, elapsedMs },
      reader: rawReader(config, clock.told),
      async take(alert: Alert) {
        const became = await takeAlert(alert, intake);
        taken.push(`${alert.status} ${alert.name}`);
        return became;
      },
      openAlerts: () => openAlertsOf(client, CLUSTER),
      mayRaise: () => true,
      times: { hold: HOLD, repeatSeconds: 3_600 },
      relistMs: RELIST_MS,
      lookEveryMs: 300,
      figures: watchFigures(new Registry(), CLUSTER),
      log: { info: () => undefined, debug: () => undefined, warn: (fields) => warnings.push(fields) },
    },
    stopping.signal,
  );
  const close = async () => {
    stopping.abort();
    await running.ended;
  };
  opened.push({ close });
  return { taken, warnings, whyBlind: running.whyBlind, close };
}

async function disturbed(): Promise<DisturbingProxy> {
  const proxy = await openDisturbingProxy(real.ours, DISTURBED);
  opened.unshift(proxy);
  return proxy;
}

describe('a watch of a real cluster', () => {
  it('does nothing where nothing is broken, however often it begins anew (safety 20)', async () => {
    await core.createNamespace({ body: { metadata: { name: 'calm' } } });
    await deploy('calm', 'well', {}, 3);
    await run('calm', 'done', { 'sandbox.paramedic.dev/completes-after-seconds': '1' });
    // A claim that nobody waits for hinders nobody.
    const unused = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
    await core.createNamespacedPersistentVolumeClaim({ namespace: 'calm', body: { metadata: { name: 'unused' }, spec: unused } });
    // One that failed and was tried again since is no matter any more.
    const failed = await run('calm', 'flaky', { 'sandbox.paramedic.dev/fails': '1: reset' });
    await soon('it failed', async () => ((await batch.readNamespacedJob({ namespace: 'calm', name: 'flaky' })).status?.failed ?? 0) > 0);
    const retryOf = { 'paramedic.dev/retry-of-uid': failed.metadata!.uid! };
    await run('calm', 'flaky-retry-1', { 'sandbox.paramedic.dev/completes-after-seconds': '1' }, retryOf);
    await until(
      'all is well',
      async () => (await apps.readNamespacedDeployment({ namespace: 'calm', name: 'well' })).status?.readyReplicas === 3,
    );

    for (let restarts = 0; restarts < 2; restarts++) {
      const { taken, whyBlind, close, warnings } = watch(real.ours, ['calm']);
      await soon('all is listed', async () => whyBlind() === null);
      await sleep(2_000);
      await close();
      expect({ taken, warnings }).toEqual({ taken: [], warnings: [] });
    }
    expect(await incidents()).toEqual([]);
  });

  it('finds exactly what was broken before it began, whatever events are lost, late, repeated or cut off, and knows it after a restart (safety 20, 22)', async () => {
    const namespace = 'ml';
    await core.createNamespace({ body: { metadata: { name: namespace } } });
    await deploy(namespace, 'well', {}, 2);
    await deploy(namespace, 'crashing', { image: 'registry.example/app:2-broken' });
    await deploy(namespace, 'imageless', { image: 'registry.example/app:2-missing' });
    await deploy(namespace, 'unready', { annotations: { 'sandbox.paramedic.dev/never-ready': 'HTTP probe failed with statuscode: 503' } });
    await deploy(namespace, 'homeless', { nodeSelector: { 'gpu.example/model': 'none-such' } });
    await run(namespace, 'failing', { 'sandbox.paramedic.dev/fails': '3: no such table' });
    const broken = [
      `outage/${namespace}/Deployment/crashing`,
      `outage/${namespace}/Deployment/homeless`,
      `outage/${namespace}/Deployment/imageless`,
      `outage/${namespace}/Deployment/unready`,
      `outage/${namespace}/Job/failing`,
    ];
    await soon('the container crashes again and again', async () => {
      const { items } = await core.listNamespacedPod({ namespace, labelSelector: 'app=crashing' });
      return (items[0]?.status?.containerStatuses?.[0]?.restartCount ?? 0) >= 3;
    });

    const proxy = await disturbed();
    const first = watch(proxy.config, []);
    await soon('all is found', async () => (await incidents()).length >= broken.length);
    expect(await incidents()).toEqual(broken);

    // Something breaks and something is mended while events go astray.
    await deploy(namespace, 'late', { annotations: { 'sandbox.paramedic.dev/never-ready': 'no' } });
    await apps.deleteNamespacedDeployment({ namespace, name: 'imageless' });
    await deploy(namespace, 'busy', {}, 4);
    for (let times = 0; times < 4; times++) {
      const { items } = await core.listNamespacedPod({ namespace, labelSelector: 'app=busy' });
      for (const { metadata } of items)
        await core.deleteNamespacedPod({ namespace, name: metadata!.name!, body: {} }).catch(() => undefined);
      await sleep(1_000);
    }
    const later = [...broken, `outage/${namespace}/Deployment/late`].sort();
    await soon('what broke meanwhile is found', async () => (await incidents()).length >= later.length);
    await sleep(RELIST_MS);
    expect(await incidents()).toEqual(later);
    expect(proxy.done).toMatchObject({ drop: expect.any(Number), stale: expect.any(Number) });
    expect(Math.min(proxy.done.drop, proxy.done.repeat, proxy.done.stale, proxy.done.delay, proxy.done.cut)).toBeGreaterThan(0);
    expect(first.taken.filter((one) => one.startsWith('resolved'))).toEqual([]);
    await first.close();

    const second = watch(real.ours, []);
    await soon('all is listed', async () => second.whyBlind() === null);
    await sleep(3_000);
    expect(second.taken).toEqual([]);
  });
});

describe('two processes that watch', () => {
  /** As `paramedic watch` runs it. */
  function part() {
    const settings = readSettings({
      PARAMEDIC_CLUSTER: CLUSTER,
      PARAMEDIC_WATCH_HOLD: 'KubePodUnschedulable=1',
      PARAMEDIC_WATCH_NAMESPACES: 'led',
    });
    const registry = new Registry();
    const log = pino({ level: 'silent' });
    const running = startWatch(settings, real.ours, intakeOf(settings), 'elected', watchFigures(registry, CLUSTER), log);
    const close = () => running.stop();
    opened.push({ close });
    const leads = async () => (await registry.metrics()).includes(`paramedic_watch_leader{cluster="${CLUSTER}"} 1`);
    const raised = async () =>
      /paramedic_watch_alerts_total\{cluster="watched",status="firing",result="joined"\} (\d+)/.exec(await registry.metrics())?.[1] ?? '0';
    return { close, leads, raised, sees: running.sees };
  }

  it('raise each thing once: one leads, and when it ends the other goes on where it was', async () => {
    await core.createNamespace({ body: { metadata: { name: 'led' } } });
    await deploy('led', 'first', { nodeSelector: { 'gpu.example/model': 'none-such' } });
    const both = [part(), part()];
    const leaders = async () => (await Promise.all(both.map(({ leads }) => leads()))).filter(Boolean).length;
    await soon('it is raised', async () => (await incidents()).includes('outage/led/Deployment/first'));
    expect([await leaders(), (await Promise.all(both.map(({ raised }) => raised()))).sort()]).toEqual([1, ['0', '1']]);

    const [leading, other] = (await both[0]!.leads()) ? both : both.toReversed();
    await leading!.close();
    await soon('the other one leads', other!.leads);
    await deploy('led', 'second', { nodeSelector: { 'gpu.example/model': 'none-such' } });
    await soon('the other one raises', async () => (await incidents()).includes('outage/led/Deployment/second'));
    expect([await leaders(), await other!.raised(), await other!.sees()]).toEqual([1, '1', null]);
  });
});

describe('leadership by a Lease', () => {
  it('is held by one at a time, goes over when the one who leads is gone or cut off, and at once when it is given back', async () => {
    const proxy = await disturbed();
    const beginMs = performance.now();
    const contender = (identity: string, config: KubeConfig) => {
      const leadership = leaseLeadership(config, {
        namespace: 'paramedic',
        name: 'test-watch',
        identity,
        elapsedMs: () => performance.now(),
      });
      const stopping = new AbortController();
      const ended = (async () => {
        while (!stopping.signal.aborted) {
          await leadership.tryOnce().catch(() => undefined);
          await sleep(500, undefined, { signal: stopping.signal }).catch(() => undefined);
        }
      })();
      const die = async () => {
        stopping.abort();
        await ended;
      };
      opened.push({ close: die });
      return { identity, leadership, die };
    };
    const all = [contender('cut-off', proxy.config), contender('b', real.ours), contender('c', real.ours)];
    const leaders = () => all.filter(({ leadership }) => leadership.leads()).map(({ identity }) => identity);
    let most = 0;
    const looking = setInterval(() => {
      most = Math.max(most, leaders().length);
    }, 20);
    try {
      await soon('one leads', async () => leaders().length === 1);
      const [first] = leaders();
      // Who leads is cut off, or killed: it gives nothing back.
      if (first === 'cut-off') proxy.cutOff();
      else await all.find(({ identity }) => identity === first)!.die();
      await soon('another one leads', async () => leaders().some((one) => one !== first));
      expect(leaders()).not.toContain(first);
      const second = all.find(({ identity }) => identity === leaders()[0])!;
      await second.die();
      await second.leadership.release();
      const releasedMs = performance.now();
      await soon('the last one leads', async () => leaders().some((one) => one !== second.identity));
      expect(performance.now() - releasedMs).toBeLessThan(releasedMs - beginMs);
      expect(most).toBe(1);
    } finally {
      clearInterval(looking);
    }
  });
});
