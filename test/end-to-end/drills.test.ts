import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CoreV1Api, NetworkingV1Api } from '@kubernetes/client-node';
import { objectsIn } from '../../clients/kubernetes/any-objects.ts';
import { dropAnchor } from '../../drills/anchor.ts';
import { DRILL_KINDS, MADE_OF_THEM } from '../../drills/kinds.ts';
import { ownObjects } from '../../drills/own-objects.ts';
import { drillScheduleId, drillWorkflowId } from '../../incident/drill-ids.ts';
import { apply, readManifests } from '../../sandbox/manifests.ts';
import { simulatedDeployment } from '../../sandbox/simulated-workloads.ts';
import type { DrillResult } from '../../workflows/drill-messages.ts';
import { story } from '../../workflows/messages.ts';
import { incidentAttributes } from '../../workflows/search-attributes.ts';
import { runParamedic } from '../cli/run-paramedic.ts';
import { until } from '../until.ts';
import { PACK_LIMITS } from './pack/quick-runbooks.ts';
import { writesIn } from './pack/writes.ts';
import { NAMESPACE, type Stage, setTheStage } from './stage.ts';

const CHECKOUT = join(import.meta.dirname, '..', '..');
const DRILLS = 'drills';
const QUICK = `mode: auto
settleSeconds: 1
alertEndsSeconds: 30
flapping: { quietSeconds: 1 }
attempts: { max: 3, backoffFirstSeconds: 1 }
verify: { stableSeconds: 3, timeoutSeconds: 60 }
`;
const RUNBOOKS = new Map(
  Object.entries({
    pods: 'failureType: podCrash\nmatch: { alerts: [KubePodCrashLooping, KubeContainerWaiting, KubePodNotReady] }\nremedies: [restart, undoRelease]',
    memory: 'failureType: outOfMemory\nmatch: { alerts: [KubeContainerOOMKilled] }\nremedies: [raiseMemory]',
    paths: 'failureType: networkTimeout\nmatch: { alerts: [ProbeTimeout] }\nremedies: [undoPolicy]',
  }).map(([name, text]) => [`${name}.yaml`, `name: quick-${name}\n${text}\n${QUICK}`]),
);
const MISSING = 'any-cluster/image-tag-does-not-exist';

interface Report {
  readonly passed: number;
  readonly failed: number;
  readonly notPlayed: number;
  readonly drills: readonly DrillResult[];
}

let folder: string;
let stage: Stage;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'drills-'));
  const pack = join(folder, 'pack');
  mkdirSync(pack);
  cpSync(join(CHECKOUT, 'drills', 'pack', 'any-cluster'), join(pack, 'any-cluster'), { recursive: true });
  const shipped = readFileSync(join(pack, `${MISSING}.yaml`), 'utf8');
  writeFileSync(
    join(pack, 'wrong.yaml'),
    shipped.replace('name: a release', 'name: it is not healed so, a release').replace('remedy: undoRelease', 'remedy: restart'),
  );
  writeFileSync(
    join(pack, 'collides.yaml'),
    shipped
      .replace('name: a release', 'name: it collides, a release')
      .replace('fault:', '  - { apiVersion: v1, kind: ConfigMap, metadata: { name: precious }, data: { kept: no } }\nfault:'),
  );
  stage = await setTheStage({
    without: ['kserve', 'mlflow', 'kube-state-metrics', 'alertmanager'],
    limits: PACK_LIMITS,
    files: RUNBOOKS,
    drills: pack,
  });
  await apply({ dataDir: stage.sandbox.addresses.dataDir }, readManifests(join(CHECKOUT, 'deploy', 'kubernetes', 'drills.yaml')));
}, 3_600_000);

afterAll(async () => {
  await stage?.leave();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

const drill = (...args: readonly string[]) =>
  runParamedic(['drill', ...args], {
    TEMPORAL_ADDRESS: stage.sandbox.addresses.temporalAddress,
    KUBECONFIG: stage.sandbox.addresses.kubeconfigPath,
  });

const run = async (...names: readonly string[]) => {
  const { code, out, err } = await drill('run', ...names, '--namespace', DRILLS, '--per-hour', '100', '--json');
  return { code, err, report: JSON.parse(out) as Report };
};

/** Everything in the namespace of which drills could have made something. */
async function everythingIn(namespace: string): Promise<string[]> {
  const objects = objectsIn(stage.admin, namespace);
  const kinds = [...DRILL_KINDS, ...MADE_OF_THEM];
  const found = await Promise.all(kinds.map(async ({ apiVersion, kind }) => ({ kind, items: await objects.list(apiVersion, kind) })));
  return found
    .flatMap(({ kind, items }) => items.map(({ metadata }) => `${kind} ${metadata.name}`))
    .filter((one) => one !== 'ConfigMap kube-root-ca.crt');
}

describe('a drill', () => {
  it('of those for any cluster passes when it is healed, on simulated nodes as well, and leaves nothing behind', async () => {
    const listed = readdirSync(join(CHECKOUT, 'drills', 'pack', 'any-cluster')).map((file) => `any-cluster/${file.replace('.yaml', '')}`);
    const { code, report } = await run(...listed);
    expect(report.drills.map(({ name, verdict, why }) => ({ name, verdict, why }))).toEqual(
      listed.map((name) => ({ name, verdict: 'passed', why: [] })),
    );
    const missing = report.drills.find(({ name }) => name === MISSING);
    expect(missing).toMatchObject({ cause: 'bad-release', end: 'healed', remedies: ['undoRelease'], runbook: 'quick-pods' });
    expect(code).toBe(0);
    expect(await everythingIn(DRILLS)).toEqual([]);
    const { typedSearchAttributes } = await stage.client.workflow.getHandle(missing?.incident ?? '').describe();
    expect(typedSearchAttributes.get(incidentAttributes.drill)).toBe(true);
  }, 900_000);

  it('fails when what heals is not what was expected, says why, and leaves nothing behind', async () => {
    const { code, report } = await run('wrong');
    const [wrong] = report.drills;
    expect(wrong?.verdict).toBe('failed');
    expect(wrong?.why).toContain('restart was not applied (undoRelease)');
    expect(code).toBe(1);
    expect(await everythingIn(DRILLS)).toEqual([]);
  }, 300_000);

  it('is refused in a namespace without the label, in a sentence with the command that gives it, and writes nothing there', async () => {
    const { code, err } = await drill('run', MISSING, '--namespace', NAMESPACE);
    expect(code).toBe(1);
    expect(err).toContain(`kubectl label namespace ${NAMESPACE} paramedic.dev/drills=allowed`);
    const writes = writesIn(stage.sandbox.addresses.auditLogPath)();
    expect(writes.filter(({ namespace }) => namespace === NAMESPACE)).toEqual([]);
  });

  it('is refused where Kubernetes or Paramedic itself is, whatever the labels say', async () => {
    const core = stage.admin.makeApiClient(CoreV1Api);
    for (const name of ['kube-system', 'default', 'paramedic']) {
      const namespace = await core.readNamespace({ name });
      const labels = { ...namespace.metadata?.labels, 'paramedic.dev/drills': 'allowed' };
      await core.replaceNamespace({ name, body: { ...namespace, metadata: { ...namespace.metadata, labels } } });
      expect(await drill('run', MISSING, '--namespace', name)).toMatchObject({
        code: 1,
        err: expect.stringContaining('whatever its labels say'),
      });
    }
  });

  it('leaves what is not its own as it is, and says that it could not be played', async () => {
    const core = stage.admin.makeApiClient(CoreV1Api);
    await core.createNamespacedConfigMap({ namespace: DRILLS, body: { metadata: { name: 'precious' }, data: { kept: 'yes' } } });
    const { report } = await run('collides');
    expect(report.drills[0]).toMatchObject({
      verdict: 'notPlayed',
      why: ['setup.1.create cannot be done: ConfigMap precious is not of this drill, and is left as it is.'],
    });
    expect(await everythingIn(DRILLS)).toEqual(['ConfigMap precious']);
    expect((await core.readNamespacedConfigMap({ namespace: DRILLS, name: 'precious' })).data).toEqual({ kept: 'yes' });
    await core.deleteNamespacedConfigMap({ namespace: DRILLS, name: 'precious' });
  }, 300_000);

  it('whose process is killed in the middle is gone on with by the next one, and leaves nothing behind', async () => {
    const going = run(MISSING);
    const handle = stage.client.workflow.getHandle(drillWorkflowId('local', DRILLS));
    const told = () => handle.query(story).catch(() => []);
    await until('the fault is injected', async () => (await told()).some((line) => line.includes('The fault is injected')));
    await stage.killParamedic();
    expect(await everythingIn(DRILLS)).toContainEqual(expect.stringMatching(/^Deployment drill-ranker-/));
    await stage.startParamedic();
    expect((await going).report.drills[0]).toMatchObject({ verdict: 'passed', why: [] });
    expect(await everythingIn(DRILLS)).toEqual([]);
  }, 300_000);

  it('that a person ends takes away what it made', async () => {
    const going = drill('run', MISSING, '--namespace', DRILLS);
    const handle = stage.client.workflow.getHandle(drillWorkflowId('local', DRILLS));
    await until('it makes something', async () => (await everythingIn(DRILLS)).some((one) => one.startsWith('Deployment drill-ranker-')));
    await handle.cancel();
    expect(await handle.result()).toMatchObject({ verdict: 'notPlayed', why: ['It was ended before it was over.'] });
    expect((await going).code).toBe(1);
    expect(await everythingIn(DRILLS)).toEqual([]);
  }, 300_000);

  it('is taken away by the cluster itself when its time is over and nobody of ours is there to do it', async () => {
    const objects = objectsIn(stage.admin, DRILLS);
    const anchor = await dropAnchor(objects, 'abandoned', 5);
    const own = ownObjects(objects, { id: 'abandoned', anchor, requireLeave: async () => undefined });
    await own.create({ apiVersion: 'apps/v1', kind: 'Deployment', ...simulatedDeployment('abandoned') } as never);
    await own.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'abandoned' } });
    await until('it is there', async () => (await everythingIn(DRILLS)).some((one) => one.startsWith('Pod ')));
    await until('nothing is left', async () => (await everythingIn(DRILLS)).length === 0);
  }, 300_000);

  it('that Temporal has lost is cleaned up after by hand', async () => {
    const networking = stage.admin.makeApiClient(NetworkingV1Api);
    const metadata = { name: 'left', labels: { 'paramedic.dev/drill': 'lost' } };
    await networking.createNamespacedNetworkPolicy({
      namespace: DRILLS,
      body: { metadata, spec: { podSelector: { matchLabels: { a: 'b' } } } },
    });
    expect(await drill('clean', '--namespace', DRILLS)).toMatchObject({ code: 0, out: 'Taken away: NetworkPolicy left.\n' });
    expect(await everythingIn(DRILLS)).toEqual([]);
  });
});

it('a schedule runs drills at its time, and can be shown and ended', async () => {
  expect(await drill('schedule', '--namespace', DRILLS, '--every', 'week', '--only', MISSING)).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^1 drill is run in the namespace drills of cluster local by "0 6 \* \* 1" \(UTC\), next at 20/),
  });
  const handle = stage.client.schedule.getHandle(drillScheduleId('local', DRILLS));
  await handle.trigger();
  await until('the schedule has begun them', async () => (await handle.describe()).info.recentActions.length > 0);
  const { workflowId } = (await handle.describe()).info.recentActions[0]!.action.workflow;
  expect(await stage.client.workflow.getHandle(workflowId).result()).toEqual([
    expect.objectContaining({ name: MISSING, verdict: 'passed' }),
  ]);
  expect((await drill('schedule', '--namespace', DRILLS)).out).toContain(`, ${workflowId}.`);
  expect((await drill('schedule', '--namespace', DRILLS, '--off')).out).toContain('No drills are run any more');
  expect(await drill('schedule', '--namespace', DRILLS)).toMatchObject({
    code: 1,
    err: expect.stringContaining('No drills are scheduled'),
  });
}, 300_000);
