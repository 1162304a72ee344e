import { setTimeout as sleep } from 'node:timers/promises';
import v8 from 'node:v8';
import vm from 'node:vm';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import type { Alert } from '../../incident/alert.ts';
import { watchFigures } from '../../watch/figures.ts';
import { fingerprintOf } from '../../watch/fingerprint.ts';
import { openServerClock } from '../../watch/server-clock.ts';
import type { HoldSeconds } from '../../watch/symptom.ts';
import { watchCluster } from '../../watch/watch-cluster.ts';
import { until } from '../until.ts';
import { ago, container, ended, metadataOf, NOW, pod, run } from './objects.ts';
import { readerDouble } from './reader-double.ts';

type Json = Readonly<Record<string, unknown>>;

const backOff = { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 40s' } };
const named = (name: string, namespace = 'ml') => ({ metadata: { name, uid: `uid-${name}`, namespace } });
const well = (name: string, namespace?: string) => pod([container()], 80_000, named(name, namespace));
const crashing = (name: string, namespace?: string) =>
  pod([container({ ready: false, restartCount: 4, state: backOff, lastState: ended(20, 3) })], -200, named(name, namespace));

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

interface Given {
  readonly pods?: readonly Json[];
  readonly namespaces?: readonly string[];
  readonly relistMs?: number;
  readonly hold?: HoldSeconds;
  readonly open?: readonly string[];
  readonly mayRaise?: () => boolean;
  readonly prepare?: (api: ReturnType<typeof readerDouble>) => void;
}

function begin({ pods = [], namespaces = [], relistMs = 60_000, hold = {}, open = [], mayRaise = () => true, prepare }: Given) {
  const elapsedMs = () => performance.now();
  const clock = openServerClock(elapsedMs);
  const api = readerDouble(clock.told, () => NOW);
  for (const plural of ['inferenceservices', 'workflows', 'trainjobs', 'pytorchjobs']) api.refuse(plural, 404, 'not found');
  for (const one of pods) api.put('pods', one);
  prepare?.(api);
  const told: string[] = [];
  const alerts: Alert[] = [];
  const logged: string[] = [];
  const registry = new Registry();
  const state = { temporalIsAway: false };
  const log = (fields: object, message: string) => logged.push(`${message} ${JSON.stringify(fields)}`);
  const stopping = new AbortController();
  const running = watchCluster(
    {
      ...{ cluster: 'test', namespaces, clock, elapsedMs, mayRaise, relistMs, lookEveryMs: 10 },
      reader: api.reader,
      async take(alert) {
        if (state.temporalIsAway) throw new Error('Temporal is away.');
        alerts.push(alert);
        told.push(`${alert.status} ${alert.name} ${alert.labels.pod ?? alert.labels.job_name ?? ''}`.trim());
        return { kind: alert.status === 'firing' ? 'joined' : 'resolved', incident: 'x' };
      },
      openAlerts: async () => open,
      times: { hold, repeatSeconds: 3_600 },
      figures: watchFigures(registry, 'test'),
      log: { info: log, warn: log, debug: () => undefined },
    },
    stopping.signal,
  );
  stops.push(async () => {
    stopping.abort();
    await running.ended;
  });
  const listed = () => until('all is listed', async () => running.whyBlind() === null && api.watching('pods').length > 0, 5, 20_000);
  return { api, told, alerts, logged, registry, state, listed, whyBlind: running.whyBlind };
}

const settled = () => sleep(150);
const soon = (what: string, holds: () => boolean) => until(what, async () => holds(), 5, 20_000);

describe('watching a cluster', () => {
  it('raises what is ill by the names and labels that the rules of kubernetes-mixin have', async () => {
    const { alerts, told } = begin({ pods: [well('a'), crashing('b')] });
    await soon('it is told', () => told.length > 0);
    const labels = { namespace: 'ml', pod: 'b', container: 'main' };
    expect(alerts).toEqual([
      {
        name: 'KubePodCrashLooping',
        status: 'firing',
        fingerprint: fingerprintOf('test', 'KubePodCrashLooping', labels),
        labels: { ...labels, alertname: 'KubePodCrashLooping', severity: 'warning' },
        annotations: { summary: 'Container main exits again and again: 4 restarts, the last time with code 1.' },
        startsAt: expect.stringMatching(/^2026-11-29T11:59:3/),
      },
    ]);
  });

  it('raises nothing that an event says and a look does not find, however often it is said (safety 20, 22)', async () => {
    const { api, told, listed } = begin({ pods: [well('a')] });
    await listed();
    for (let times = 0; times < 20; times++) api.tell('pods', 'MODIFIED', crashing('a'));
    api.tell('pods', 'ADDED', crashing('never-was'));
    await soon('it was looked at', () => api.asked.includes('get pods a') && api.asked.includes('get pods never-was'));
    await settled();
    expect(told).toEqual([]);
    expect(api.asked.filter((one) => one === 'get pods a').length).toBeLessThan(20);
  });

  it('finds by the next list what no event told of', async () => {
    const { api, told, listed } = begin({ pods: [well('a')], relistMs: 200 });
    await listed();
    api.put('pods', crashing('a'));
    await soon('it is found', () => told.length > 0);
    expect(told).toEqual(['firing KubePodCrashLooping a']);
  });

  it('looks at what Kubernetes warns of at once, and raises nothing by a warning alone (safety 20)', async () => {
    const { api, told, listed } = begin({ pods: [well('a'), well('b')] });
    await listed();
    await soon('warnings are watched', () => api.watching('events').length > 0);
    api.put('pods', crashing('a'));
    const warning = (name: string) => ({
      metadata: metadataOf('e'),
      type: 'Warning',
      reason: 'BackOff',
      involvedObject: { kind: 'Pod', namespace: 'ml', name },
    });
    api.tell('events', 'ADDED', warning('a'));
    api.tell('events', 'ADDED', warning('b'));
    api.tell('events', 'ADDED', warning('gone'));
    await soon('all were looked at', () => told.length > 0 && api.asked.includes('get pods b') && api.asked.includes('get pods gone'));
    await settled();
    expect(told).toEqual(['firing KubePodCrashLooping a']);
  });

  it('goes on from the version it knows when a watch is closed, and lists anew when that is not kept any more', async () => {
    const { api, told, listed } = begin({ pods: [well('a')] });
    await listed();
    api.tell('pods', 'MODIFIED', well('a'));
    const [from] = api.watching('pods');
    expect(api.end('pods', { kind: 'closed' })).toEqual([from]);
    await soon('it is watched again', () => api.watching('pods').length > 0);
    expect(Number(api.watching('pods')[0])).toBe(Number(from) + 1);
    const lists = () => api.asked.filter((one) => one === 'list pods').length;
    const before = lists();
    api.put('pods', crashing('a'));
    api.end('pods', { kind: 'expired' });
    await soon('it is found', () => told.length > 0);
    expect(lists()).toBe(before + 1);
  });

  it('says once that a kind is not there or may not be read, which permission is missing, and goes on without (safety 35)', async () => {
    const { told, logged, listed, registry } = begin({
      pods: [crashing('a')],
      prepare: (api) => api.refuse('nodes', 403, 'nodes is forbidden: User "x" cannot list resource "nodes"'),
    });
    await listed();
    await soon('it is found all the same', () => told.length > 0);
    expect(logged.filter((one) => one.includes('"kind":"TrainJob"'))).toEqual([
      'The cluster does not know this kind; it is looked for again every few minutes. {"kind":"TrainJob"}',
    ]);
    expect(logged.filter((one) => one.includes('permission'))).toEqual([
      'A permission is missing to watch this kind: see deploy/kubernetes/rbac.yaml. {"kind":"Node","permission":"list nodes","reason":"nodes is forbidden: User \\"x\\" cannot list resource \\"nodes\\""}',
    ]);
    const figures = await registry.metrics();
    expect(figures).toContain('paramedic_watch_seen{cluster="test",kind="Node"} 0');
    expect(figures).toContain('paramedic_watch_seen{cluster="test",kind="Pod"} 1');
    expect(figures).not.toContain('paramedic_watch_seen{cluster="test",kind="TrainJob"}');
  });

  it('is blind while a kind cannot be read, tells nobody of the rest what it does not see, and raises what it does (safety 18)', async () => {
    const { api, told, whyBlind } = begin({
      pods: [crashing('a')],
      open: [fingerprintOf('test', 'KubeJobFailed', { job_name: 'train' })],
      prepare: (double) => double.refuse('jobs', 500, 'etcd is away'),
    });
    await soon('it is found', () => told.length > 0);
    expect(whyBlind()).toBe('not seen: Job (failing)');
    api.allow('jobs');
    await soon('it sees again', () => whyBlind() === null);
  });

  it('is blind to a kind whose watch fails, until that tells something again (safety 22)', async () => {
    const { api, told, listed, whyBlind } = begin({ pods: [well('a')] });
    await listed();
    api.end('pods', { kind: 'failed', error: new Error('connection reset') });
    await soon('it says so', () => whyBlind() === 'not seen: Pod (failing)');
    await soon('it is watched again', () => api.watching('pods').length > 0);
    api.put('pods', crashing('a'));
    api.tell('pods', 'MODIFIED', crashing('a'));
    await soon('it is found', () => told.length > 0);
    expect(whyBlind()).toBeNull();
  });

  it('tries again until Temporal has it, and loses nothing (safety 21)', async () => {
    const { told, state, registry, api } = begin({ pods: [crashing('a')] });
    state.temporalIsAway = true;
    await soon('it was tried', () => api.asked.filter((one) => one === 'get pods a').length > 0);
    await settled();
    expect(told).toEqual([]);
    state.temporalIsAway = false;
    await soon('it is told', () => told.length > 0);
    expect(told).toEqual(['firing KubePodCrashLooping a']);
    expect(await registry.metrics()).toMatch(/paramedic_watch_failures_total\{cluster="test"\} [1-9]/);
  });

  it('raises nothing while it may not, and nothing anew of what is open already', async () => {
    let mayRaise = false;
    const labels = { namespace: 'ml', pod: 'b', container: 'main' };
    const { told, api } = begin({
      pods: [crashing('a'), crashing('b')],
      mayRaise: () => mayRaise,
      open: [fingerprintOf('test', 'KubePodCrashLooping', labels)],
    });
    await soon('it was looked at', () => api.asked.includes('get pods a'));
    await settled();
    expect(told).toEqual([]);
    mayRaise = true;
    await soon('it is told', () => told.length > 0);
    await settled();
    expect(told).toEqual(['firing KubePodCrashLooping a']);
  });

  it('leaves a failed run alone that was tried again since, and one that failed long ago (safety 20)', async () => {
    const failed = (name: string, secondsAgo: number) => run('Job', 'Failed', secondsAgo, { name, uid: `uid-${name}` });
    const retry = run('Job', null, 0, {
      name: 'flaky-retry-1',
      uid: 'uid-r',
      labels: { 'paramedic.dev/retry-of-uid': 'uid-flaky' },
      creationTimestamp: ago(5),
    });
    const { told, api } = begin({
      prepare(double) {
        for (const one of [failed('flaky', 60), failed('old', 9_000), failed('broken', 60)]) double.put('jobs', one);
        double.put('jobs', retry);
      },
    });
    await soon('they were looked at', () => told.length > 0 && api.asked.includes('get jobs flaky'));
    await settled();
    // The double knows no selectors: it is the purpose of what stands beside that decides.
    expect(told).toEqual(['firing KubeJobFailed broken']);
  });

  it('watches the namespaces it is given and no others', async () => {
    const { told, listed } = begin({
      pods: [crashing('a', 'ml'), crashing('b', 'other'), crashing('c', 'serving')],
      namespaces: ['ml', 'serving'],
    });
    await listed();
    await soon('both are found', () => told.length >= 2);
    await settled();
    expect(told.sort()).toEqual(['firing KubePodCrashLooping a', 'firing KubePodCrashLooping c']);
  });

  it('takes what it cannot understand for neither well nor ill, says so once, and raises the rest (safety 18)', async () => {
    const { told, logged } = begin({ pods: [{ ...well('odd'), status: 'no status' }, { ...well('odder'), status: 7 }, crashing('a')] });
    await soon('it is found', () => told.length > 0);
    expect(told).toEqual(['firing KubePodCrashLooping a']);
    expect(logged.filter((one) => one.includes('cannot be understood'))).toHaveLength(1);
  });

  it('remembers what is ill and nothing of what is well: 5,000 pods cost no more than 50', async () => {
    v8.setFlagsFromString('--expose-gc');
    const collect = vm.runInNewContext('gc') as () => void;
    /** What a watch holds of the objects, which are there without it already. */
    async function costOf(count: number): Promise<{ readonly bytes: number; readonly remembered: string }> {
      const pods = Array.from({ length: count }, (_, index) => well(`pod-${index}`));
      const watch = begin({ pods: [...pods, crashing('a')], relistMs: 100 });
      collect();
      const before = process.memoryUsage().heapUsed;
      await soon(
        'it is listed and told',
        () => watch.told.length > 0 && watch.api.asked.filter((one) => one === 'list pods').length > (2 * count) / 250,
      );
      const figures = await watch.registry.metrics();
      for (const stop of stops.splice(0)) await stop();
      collect();
      return {
        bytes: process.memoryUsage().heapUsed - before,
        remembered: /paramedic_watch_sick_objects\S* (\d+)/.exec(figures)?.[1] ?? '',
      };
    }
    const [small, large] = [await costOf(50), await costOf(5_000)];
    expect([small.remembered, large.remembered]).toEqual(['1', '1']);
    // A pod is some two kilobytes: were they kept, it would be ten million bytes more.
    expect(large.bytes - small.bytes).toBeLessThan(3_000_000);
  });
});
