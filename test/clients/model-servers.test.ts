import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { AppsV1Api, CoreV1Api, KubeConfig, PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import type { Cluster } from '../../clients/cluster.ts';
import { Refused, TargetChanged, TargetGone, TryLater } from '../../clients/failures.ts';
import { kubernetesCluster } from '../../clients/kubernetes/cluster.ts';
import { modelServers } from '../../clients/kubernetes/list-servers.ts';
import type { ModelRegistry } from '../../clients/registries/model-registry.ts';
import { INFERENCE_SERVICES } from '../../clients/serving/inference-service-type.ts';
import { LLM_INFERENCE_SERVICES, ROLLOUTS, SELDON_MODELS } from '../../clients/serving/object-types.ts';
import { NO_SYSTEMS } from '../../clients/systems.ts';
import { diagnose } from '../../diagnosis/diagnose.ts';
import { healthOf } from '../../diagnosis/health.ts';
import { type Change, inverse } from '../../incident/change.ts';
import { QUIET_CONTEXT } from '../../incident/context.ts';
import type { Evidence, ModelServerEvidence, WorkloadEvidence } from '../../incident/evidence.ts';
import type { RegisteredModel, ServedVersion } from '../../incident/model.ts';
import type { Rung } from '../../incident/remedy.ts';
import type { Target, TargetKind } from '../../incident/target.ts';
import { planRemedy } from '../../remedies/plan-remedy.ts';
import { registeredModel } from '../evidence.ts';
import { remedyLimits } from '../remedy-limits.ts';
import { until } from '../until.ts';
import { openRealCluster, type RealCluster } from './real-cluster.ts';
import { defineModelServers } from './serving/custom-resources.ts';
import { scriptedServers } from './serving/scripted-servers.ts';

const NAMESPACE = 'servers';
const NOW = { dryRun: false };
const GOOD = 's3://models/churn/1';
const BAD = 's3://models/churn/2';
jest.setTimeout(120_000);

let real: RealCluster;
let cluster: Cluster;
let script: ReturnType<typeof scriptedServers>;
let model: RegisteredModel;
let name: string;
let numbers = 0;

beforeAll(async () => {
  real = await openRealCluster();
  await defineModelServers(real.admin);
  const registry: ModelRegistry = { name: 'mlflow', readModel: async () => model, mark: async () => undefined };
  cluster = kubernetesCluster(real.ours, { ...NO_SYSTEMS, registries: new Map([['mlflow', registry]]) });
  script = scriptedServers(real.admin, NAMESPACE);
  await real.admin.makeApiClient(CoreV1Api).createNamespace({ body: { metadata: { name: NAMESPACE } } });
}, 3_600_000);

afterAll(() => real?.leave(), 60_000);

beforeEach(() => {
  name = `churn-${++numbers}`;
  model = registeredModel();
});

const target = (kind: TargetKind): Target => ({ cluster: 'test', namespace: NAMESPACE, kind, name });
const server = async (kind: TargetKind) => (await cluster.observe(target(kind))) as ModelServerEvidence;
const isWell = (evidence: Evidence) => healthOf(evidence).kind === 'recovered';
const version = (address: string, more: Partial<ServedVersion> = {}): ServedVersion => ({ version: null, address, ...more });
const back = (from: string, to: string, more: Partial<ServedVersion> = {}): Change & { kind: 'modelVersion' } => ({
  kind: 'modelVersion',
  model: 'churn',
  registry: 'mlflow',
  from: version(from),
  to: version(to, more),
});
const noted = (address: string) => ({
  metadata: { annotations: { 'internal.serving.kserve.io/storage-initializer-sourceuri': address } },
  spec: { containers: [{ name: 'kserve-container', image: 'sklearn:1' }] },
});
const READY = [{ type: 'Ready', status: 'True' }];

function planned(remedy: Rung, evidence: Evidence): Change {
  const plan = planRemedy(remedy, evidence, remedyLimits());
  if (plan.kind !== 'change') throw new Error(plan.reason);
  return plan.change;
}

describe('an InferenceService that Knative runs', () => {
  const traffic = (shares: Record<string, number>) =>
    Object.entries(shares).map(([revision, percent]) => ({ revisionName: `${name}-predictor-${revision}`, percent }));

  const setTraffic = (newest: string, shares: Record<string, number>) =>
    script.setStatus(INFERENCE_SERVICES, name, {
      deploymentMode: 'Knative',
      conditions: READY,
      modelStatus: { transitionStatus: 'UpToDate', states: { activeModelState: 'Loaded', targetModelState: 'Loaded' } },
      components: { predictor: { latestCreatedRevision: `${name}-predictor-${newest}`, traffic: traffic(shares) } },
    });

  /** Its second revision is a canary with a tenth of the requests. */
  async function withCanary(): Promise<ModelServerEvidence> {
    const predictor = { model: { modelFormat: { name: 'sklearn' }, storageUri: BAD }, canaryTrafficPercent: 10 };
    await script.create(INFERENCE_SERVICES, 'InferenceService', name, { predictor }, { 'paramedic.dev/model': 'churn' });
    const owner = { apiVersion: 'serving.knative.dev/v1', kind: 'Revision', name: 'r', uid: 'uid-r', controller: true };
    const labels = { 'serving.kserve.io/inferenceservice': name };
    await script.createDeployment(`${name}-predictor-00001-deployment`, noted(GOOD), { owner, labels });
    await script.createDeployment(`${name}-predictor-00002-deployment`, noted(BAD), { owner, labels });
    await setTraffic('00002', { '00002': 10, '00001': 90 });
    await until('both revisions serve', async () => (await server('InferenceService')).served.serving.length === 2);
    return server('InferenceService');
  }

  it('serves what the revisions with requests serve, and is not well while these are split', async () => {
    const seen = await withCanary();
    expect(seen.served).toMatchObject({
      wanted: BAD,
      serving: [BAD, GOOD],
      settings: { modelFormat: 'sklearn', canaryTrafficPercent: '10' },
    });
    expect(seen.traffic).toMatch('90 % of the requests go to revision');
    expect(isWell(seen)).toBe(false);
    expect(diagnose(seen, QUIET_CONTEXT).cause).toBe('rolling-out');
    const around = await cluster.readSurroundings(target('InferenceService'), { change: back(BAD, GOOD) });
    expect(around.replicas).toMatchObject({ kind: 'read', value: { wanted: 2, ready: 2 } });
    await setTraffic('00002', { '00002': 100 });
    expect(isWell(await server('InferenceService'))).toBe(true);
    const pod = seen.workload!.pods[0]!.name;
    expect(await cluster.topmostOwner(NAMESPACE, 'Pod', pod)).toEqual({ kind: 'InferenceService', name });
  });

  it('goes back with all requests, and is well once the new revision has them', async () => {
    const seen = await withCanary();
    const change = planned('rollBackModel', seen) as Change & { kind: 'modelVersion' };
    expect(change).toMatchObject({ from: { version: '2', address: BAD }, to: { version: '1', address: GOOD } });
    expect(await cluster.apply(target('InferenceService'), change, seen, { key: 'k', ...NOW })).toBe('applied');
    expect(await cluster.apply(target('InferenceService'), change, seen, { key: 'k', ...NOW })).toBe('alreadyApplied');
    const { spec } = await script.read<{ spec: { predictor: object } }>(INFERENCE_SERVICES, name);
    expect(spec.predictor).not.toHaveProperty('canaryTrafficPercent');
    expect(spec.predictor).toMatchObject({ model: { storageUri: GOOD } });
    // What its controller said of the former spec is no recovery.
    expect(isWell(await server('InferenceService'))).toBe(false);
    await script.createDeployment(`${name}-predictor-00003-deployment`, noted(GOOD));
    await setTraffic('00003', { '00003': 100 });
    await until('it is well', async () => isWell(await server('InferenceService')));
  });
});

describe('an InferenceService that plain Deployments run', () => {
  it('loses its failing canary, and serves on what it served beside it', async () => {
    const predictor = { name: 'stable', model: { modelFormat: { name: 'sklearn' }, storageUri: GOOD } };
    const canary = [
      { trafficPercent: 20, predictor: { name: 'new', model: { name: '', modelFormat: { name: 'sklearn' }, storageUri: BAD } } },
    ];
    await script.create(INFERENCE_SERVICES, 'InferenceService', name, { predictor, canary }, { 'paramedic.dev/model': 'churn' });
    await script.createDeployment(`${name}-stable-predictor`, noted(GOOD));
    const broken = { ...noted(BAD), spec: { containers: [{ name: 'kserve-container', image: 'sklearn:2-broken' }] } };
    await script.createDeployment(`${name}-new-predictor`, broken);
    await script.setStatus(INFERENCE_SERVICES, name, { deploymentMode: 'Standard', conditions: READY });
    await until('the canary fails', async () => {
      const seen = await server('InferenceService');
      return diagnose(seen, QUIET_CONTEXT).cause === 'bad-model-version' && seen.served.serving.includes(GOOD);
    });
    const seen = await server('InferenceService');
    expect(seen.traffic).toBe('canary new gets 20 % of the requests');
    await cluster.apply(target('InferenceService'), planned('rollBackModel', seen) as never, seen, { key: 'k', ...NOW });
    expect((await script.read<{ spec: object }>(INFERENCE_SERVICES, name)).spec).not.toHaveProperty('canary');
    expect(isWell(await server('InferenceService'))).toBe(true);
  });

  it('is served by what its pods fetch where it names its address in a list', async () => {
    const spec = { predictor: { model: { modelFormat: { name: 'sklearn' } }, storageUris: [{ uri: BAD }] } };
    await script.create(INFERENCE_SERVICES, 'InferenceService', name, spec);
    const fetcher = { name: 'storage-initializer', image: 'fetch:1', args: [BAD, '/mnt/models'] };
    await script.createDeployment(`${name}-predictor`, { spec: { ...noted(BAD).spec, initContainers: [fetcher] } });
    await until('it serves', async () => (await server('InferenceService')).served.serving[0] === BAD);
    expect(await server('InferenceService')).not.toHaveProperty('stoppedBy');
    const seen = await server('InferenceService');
    expect(seen.served).toMatchObject({ wanted: BAD, settings: { at: '/storageUris/0/uri' } });
    const change = back(BAD, GOOD, { settings: seen.served.settings });
    await cluster.apply(target('InferenceService'), change, seen, { key: 'k', ...NOW });
    expect((await server('InferenceService')).served.wanted).toBe(GOOD);
    await script.change(INFERENCE_SERVICES, name, { metadata: { annotations: { 'serving.kserve.io/stop': 'true' } } });
    expect(diagnose(await server('InferenceService'), QUIET_CONTEXT).cause).toBe('held-by-person');
  });
});

describe('a Deployment that says where it names its model', () => {
  const annotations = (at: string) => ({
    'paramedic.dev/model': 'churn',
    'paramedic.dev/model-at': at,
    'paramedic.dev/model-address': 'registry.example/churn:{version}',
  });
  const image = (tag: string) => ({ spec: { containers: [{ name: 'server', image: `registry.example/churn:${tag}` }] } });
  const deployment = async () => (await cluster.observe(target('Deployment'))) as WorkloadEvidence;

  beforeEach(() => {
    const versions = ['2-broken', '1'].map((one) => ({ ...model.versions[0]!, version: one, storageUri: null }));
    model = registeredModel({ versions, aliases: { 'last-known-good': '1', production: '2-broken' } });
  });

  async function failing(): Promise<WorkloadEvidence> {
    await script.createDeployment(name, image('1'), { annotations: annotations('image/server') });
    await until('it is well', async () => isWell(await deployment()));
    await real.admin
      .makeApiClient(AppsV1Api)
      .replaceNamespacedDeployment({ namespace: NAMESPACE, name, body: await changedImage('2-broken') });
    await until('its model is to blame', async () => diagnose(await deployment(), QUIET_CONTEXT).cause === 'bad-model-version');
    return deployment();
  }

  async function changedImage(tag: string) {
    const found = await real.admin.makeApiClient(AppsV1Api).readNamespacedDeployment({ namespace: NAMESPACE, name });
    found.spec!.template.spec!.containers[0]!.image = `registry.example/churn:${tag}`;
    return found;
  }

  it('has a bad model version when its release brought one, goes back to the last known good one, and is well', async () => {
    const seen = await failing();
    expect(seen.served).toMatchObject({
      wanted: 'registry.example/churn:2-broken',
      before: 'registry.example/churn:1',
      serving: ['registry.example/churn:1'],
    });
    const change = planned('rollBackModel', seen);
    expect(change).toMatchObject({ registry: 'mlflow', from: { version: '2-broken' }, to: { version: '1' } });
    expect(await cluster.apply(target('Deployment'), change, seen, { key: 'k', dryRun: true })).toBe('applied');
    expect((await deployment()).served?.wanted).toBe('registry.example/churn:2-broken');
    expect(await cluster.apply(target('Deployment'), change, seen, { key: 'k', ...NOW })).toBe('applied');
    expect(await cluster.apply(target('Deployment'), change, seen, { key: 'k', ...NOW })).toBe('alreadyApplied');
    await until('it is well', async () => isWell(await deployment()));
    expect((await deployment()).served?.serving).toEqual(['registry.example/churn:1']);
    const undone = { key: 'k/undo', undoes: 'k', ...NOW };
    expect(await cluster.apply(target('Deployment'), inverse(change)!, { uid: seen.uid, generation: null }, undone)).toBe('applied');
  });

  it('is left as it is where somebody has mended it already, changed it, or deleted it', async () => {
    const seen = await failing();
    const change = planned('rollBackModel', seen);
    const unbound = { uid: seen.uid, generation: null };
    const apps = real.admin.makeApiClient(AppsV1Api);
    await apps.replaceNamespacedDeployment({ namespace: NAMESPACE, name, body: await changedImage('1') });
    await expect(cluster.apply(target('Deployment'), change, seen, { key: 'k', ...NOW })).rejects.toThrow(TargetChanged);
    await expect(cluster.apply(target('Deployment'), change, unbound, { key: 'k', ...NOW })).rejects.toThrow(
      `Deployment ${NAMESPACE}/${name} is to serve registry.example/churn:1 now, and not registry.example/churn:2-broken.`,
    );
    await apps.deleteNamespacedDeployment({ namespace: NAMESPACE, name });
    await expect(cluster.apply(target('Deployment'), change, unbound, { key: 'k', ...NOW })).rejects.toThrow(TargetGone);
  });

  it('has the pods made anew that fail and would outlast the change, where it is a StatefulSet', async () => {
    const apps = real.admin.makeApiClient(AppsV1Api);
    const labels = { app: name };
    const template = (tag: string) => ({ metadata: { labels }, spec: { automountServiceAccountToken: false, ...image(tag).spec } });
    const spec = { serviceName: name, replicas: 2, selector: { matchLabels: labels }, template: template('1') };
    await apps.createNamespacedStatefulSet({
      namespace: NAMESPACE,
      body: { metadata: { name, annotations: annotations('image/server') }, spec },
    });
    const seen = async () => (await cluster.observe(target('StatefulSet'))) as WorkloadEvidence;
    await until('it is well', async () => isWell(await seen()));
    const body = [{ op: 'replace', path: '/spec/template', value: template('2-broken') }];
    await apps.patchNamespacedStatefulSet({ namespace: NAMESPACE, name, body }, setHeaderOptions('Content-Type', PatchStrategy.JsonPatch));
    await until('its model is to blame', async () => diagnose(await seen(), QUIET_CONTEXT).cause === 'bad-model-version');
    const evidence = await seen();
    await cluster.apply(target('StatefulSet'), planned('rollBackModel', evidence), evidence, { key: 'k', ...NOW });
    await until('it is well', async () => isWell(await seen()));
  });

  it('has a model that cannot be changed where its annotation is no place, and says what would be right', async () => {
    await script.createDeployment(name, image('1'), { annotations: annotations('images/server') });
    const seen = await deployment();
    expect(seen.served?.wanted).toBeNull();
    const why = `The Deployment ${NAMESPACE}/${name} has annotation paramedic.dev/model-at "images/server", which is no place in a pod template; right would be `;
    expect(() => planned('rollBackModel', seen)).toThrow(why);
    const change = back('registry.example/churn:1', 'registry.example/churn:0');
    await expect(cluster.apply(target('Deployment'), change, seen, { key: 'k', ...NOW })).rejects.toThrow(Refused);
  });
});

describe('the model servers of a cluster', () => {
  it('are all of the kinds that serve models, and of the others those that say so themselves', async () => {
    await script.create(SELDON_MODELS, 'Model', name, { storageUri: GOOD });
    const spec = {
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers: [] } },
      strategy: { canary: {} },
    };
    await script.create(ROLLOUTS, 'Rollout', name, spec);
    await script.create(ROLLOUTS, 'Rollout', `${name}-declared`, spec, { 'paramedic.dev/model-at': 'image/server' });
    await script.createDeployment(name, noted(GOOD));
    await script.createDeployment(`${name}-declared`, noted(GOOD), { annotations: { 'paramedic.dev/model': 'churn' } });
    const { servers, unlisted } = await modelServers(real.ours, NO_SYSTEMS, 'test').list();
    const own = servers.filter((one) => one.name.startsWith(name) && one.namespace === NAMESPACE);
    expect(own.map((one) => `${one.kind}/${one.name}`).sort()).toEqual([
      `Deployment/${name}-declared`,
      `Rollout/${name}-declared`,
      `SeldonModel/${name}`,
    ]);
    expect(unlisted).toEqual([]);
  });
});

describe('a Rollout', () => {
  const labels = () => ({ app: name });
  const template = (tag: string) => ({
    metadata: { labels: labels(), annotations: { team: 'ml' } },
    spec: { automountServiceAccountToken: false, containers: [{ name: 'server', image: `churn:${tag}` }] },
  });
  const spec = (tag: string) => ({
    replicas: 1,
    selector: { matchLabels: labels() },
    template: template(tag),
    strategy: { canary: { steps: [{ setWeight: 20 }, { pause: {} }] } },
  });
  const status = (change: object) => script.setStatus(ROLLOUTS, name, change);
  const generation = async () => String((await server('Rollout')).generation);
  interface Read {
    readonly spec: { readonly template: { readonly metadata: { readonly labels: object } } };
    readonly status: { readonly abort?: boolean; readonly promoteFull?: boolean };
  }
  const read = () => script.read<Read>(ROLLOUTS, name);

  /** Its second revision fails beside the first, after the first of two steps. */
  async function underWay(annotations: Record<string, string> = {}) {
    const uid = await script.create(ROLLOUTS, 'Rollout', name, spec('1'), annotations);
    const first = await script.createRevision({ name, uid }, 1, template('1'), { role: 'stable' });
    const counts = { readyReplicas: 1, updatedReplicas: 1, observedGeneration: '1' };
    await status({ phase: 'Healthy', currentPodHash: first, stableRS: first, ...counts });
    await until('it is well', async () => isWell(await server('Rollout')));
    await script.change(ROLLOUTS, name, { spec: { template: template('2-broken') } });
    const second = await script.createRevision({ name, uid }, 2, template('2-broken'));
    await status({ phase: 'Progressing', currentPodHash: second, currentStepIndex: 1, observedGeneration: await generation() });
    await until('its newest release fails', async () => /^bad-/.test(diagnose(await server('Rollout'), QUIET_CONTEXT).cause));
    return { first, second, uid, seen: await server('Rollout') };
  }

  it('is seen by its ReplicaSets and pods, and leads from these to itself', async () => {
    const { seen, first, second } = await underWay();
    expect(seen.workload?.releases.map(({ hash, revision }) => [hash, revision])).toEqual([
      [second, 2],
      [first, 1],
    ]);
    expect(seen.workload?.differences).toEqual([{ what: 'image', text: 'image of server: churn:1 → churn:2-broken' }]);
    expect(diagnose(seen, QUIET_CONTEXT).cause).toBe('bad-release');
    expect(seen.traffic).toBe('the rollout of its newest release is Progressing after 1 of 2 steps, and its stable release is another one');
    expect(await cluster.topmostOwner(NAMESPACE, 'Pod', seen.workload!.pods[0]!.name)).toEqual({ kind: 'Rollout', name });
    const around = await cluster.readSurroundings(target('Rollout'), { change: planned('undoRelease', seen) });
    expect(around.replicas).toMatchObject({ kind: 'read', value: { wanted: 1, ready: 1 } });
    const context = await cluster.readContext(target('Rollout'), seen);
    expect(Object.entries(context).filter(([, piece]) => piece.kind !== 'read')).toEqual([]);
  });

  it('is ended where it is under way, and gets the template of the release before, as it was written', async () => {
    const { seen, first } = await underWay();
    const change = planned('undoRelease', seen);
    expect(await cluster.apply(target('Rollout'), change, seen, { key: 'k', dryRun: true })).toBe('applied');
    expect((await read()).status.abort).toBeUndefined();
    // The template is written, and whether steps are to be skipped shows once its controller has taken it up.
    await expect(cluster.apply(target('Rollout'), change, seen, { key: 'k', ...NOW })).rejects.toThrow(TryLater);
    const after = await read();
    expect(after.status.abort).toBe(true);
    expect(after.spec.template).toMatchObject(template('1'));
    expect(after.spec.template.metadata).toMatchObject({ labels: labels(), annotations: { team: 'ml' } });
    expect(Object.keys(after.spec.template.metadata.labels)).toEqual(['app']);
    await status({ phase: 'Healthy', abort: false, currentPodHash: first, observedGeneration: await generation() });
    expect(await cluster.apply(target('Rollout'), change, seen, { key: 'k', ...NOW })).toBe('alreadyApplied');
    expect((await read()).status.promoteFull).toBeUndefined();
  });

  it('takes none of the steps of a new release where it goes back from one that was brought whole', async () => {
    const { seen: before, first, second } = await underWay();
    await status({ phase: 'Degraded', stableRS: second });
    const change = planned('undoRelease', before);
    await expect(cluster.apply(target('Rollout'), change, before, { key: 'k', ...NOW })).rejects.toThrow(TryLater);
    expect((await read()).status.abort).toBeUndefined();
    await status({ phase: 'Progressing', currentPodHash: first, observedGeneration: await generation() });
    expect(await cluster.apply(target('Rollout'), change, before, { key: 'k', ...NOW })).toBe('alreadyApplied');
    expect((await read()).status.promoteFull).toBe(true);
  });

  it('is left as it is where there is a newer release already', async () => {
    const { seen, uid } = await underWay();
    const change = planned('undoRelease', seen);
    await script.createRevision({ name, uid }, 3, template('3'));
    await expect(cluster.apply(target('Rollout'), change, seen, { key: 'k', ...NOW })).rejects.toThrow(TargetChanged);
    expect((await read()).spec.template).toEqual(template('2-broken'));
  });

  it('goes back to the last known good version of its model, where it says where that is named', async () => {
    const versions = ['2-broken', '1'].map((one) => ({ ...model.versions[0]!, version: one, storageUri: null }));
    model = registeredModel({ versions, aliases: { 'last-known-good': '1' } });
    const annotations = {
      'paramedic.dev/model': 'churn',
      'paramedic.dev/model-at': 'image/server',
      'paramedic.dev/model-address': 'churn:{version}',
    };
    const { seen } = await underWay(annotations);
    expect(diagnose(seen, QUIET_CONTEXT).cause).toBe('bad-model-version');
    const change = planned('rollBackModel', seen);
    await expect(cluster.apply(target('Rollout'), change, seen, { key: 'k', ...NOW })).rejects.toThrow(TryLater);
    expect((await read()).spec.template).toMatchObject(template('1'));
  });

  it('has the Deployment changed that holds its template', async () => {
    await script.createDeployment(name, { spec: template('2-broken').spec, metadata: {} });
    await script.scaleToNone(name);
    const held = {
      workloadRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
      replicas: 1,
      strategy: { canary: {} },
    };
    const uid = await script.create(ROLLOUTS, 'Rollout', name, { ...held, selector: { matchLabels: labels() } });
    const first = await script.createRevision({ name, uid }, 1, template('1'));
    const second = await script.createRevision({ name, uid }, 2, template('2-broken'));
    await status({ phase: 'Degraded', currentPodHash: second, stableRS: first, observedGeneration: '1', workloadObservedGeneration: '9' });
    await until('its newest release fails', async () => diagnose(await server('Rollout'), QUIET_CONTEXT).cause === 'bad-release');
    const seen = await server('Rollout');
    const change = planned('undoRelease', seen);
    await cluster.apply(target('Rollout'), change, seen, { key: 'k', ...NOW });
    const apps = real.admin.makeApiClient(AppsV1Api);
    const deployment = await apps.readNamespacedDeployment({ namespace: NAMESPACE, name });
    expect(deployment.spec?.template.spec?.containers[0]?.image).toBe('churn:1');
    expect(deployment.metadata?.annotations?.['paramedic.dev/last-action']).toBe('k');
    expect((await read()).spec.template).toBeUndefined();
  });
});

describe('an LLMInferenceService', () => {
  const spec = { model: { uri: 'hf://llama/2', name: 'llama', lora: { adapters: [{ name: 'tone', uri: 's3://lora/2' }] } } };

  async function serving(): Promise<ModelServerEvidence> {
    await script.create(LLM_INFERENCE_SERVICES, 'LLMInferenceService', name, spec);
    const fetcher = { name: 'storage-initializer', image: 'fetch:1', args: ['hf://llama/2', '/mnt/models'] };
    await script.createDeployment(`${name}-kserve`, {
      spec: { containers: [{ name: 'main', image: 'vllm:1' }], initContainers: [fetcher] },
    });
    await script.setStatus(LLM_INFERENCE_SERVICES, name, { conditions: READY });
    await until('it is well', async () => isWell(await server('LLMInferenceService')));
    return server('LLMInferenceService');
  }

  /** Somebody whom the API server knows, and who may do nothing. */
  async function asNobody(): Promise<KubeConfig> {
    const body = { spec: { audiences: [], expirationSeconds: 3_600 } };
    const core = real.admin.makeApiClient(CoreV1Api);
    const { status } = await core.createNamespacedServiceAccountToken({ namespace: NAMESPACE, name: 'default', body });
    const config = new KubeConfig();
    config.loadFromString(real.ours.exportConfig());
    config.users = [{ ...config.users[0]!, token: status?.token ?? '' }];
    return config;
  }

  it('is seen with what its pods fetch, and goes back with the adapters that fit', async () => {
    const seen = await serving();
    expect(seen.served).toMatchObject({
      wanted: 'hf://llama/2',
      serving: ['hf://llama/2'],
      settings: { lora: JSON.stringify(spec.model.lora) },
    });
    const context = await cluster.readContext(target('LLMInferenceService'), seen);
    expect(Object.entries(context).filter(([, piece]) => piece.kind !== 'read')).toEqual([]);
    const lora = { adapters: [{ name: 'tone', uri: 's3://lora/1' }] };
    const change = back('hf://llama/2', 'hf://llama/1', { settings: { lora: JSON.stringify(lora) } });
    expect(await cluster.apply(target('LLMInferenceService'), change, seen, { key: 'k', ...NOW })).toBe('applied');
    const { spec: written } = await script.read<{ spec: object }>(LLM_INFERENCE_SERVICES, name);
    expect(written).toMatchObject({ model: { uri: 'hf://llama/1', name: 'llama', lora } });
    // Its controller still says that it is ready, and its pods still have the former model.
    expect(isWell(await server('LLMInferenceService'))).toBe(false);
  });

  it('is refused by its controller where the configurations it is made of do not fit', async () => {
    await serving();
    const conditions = [
      { type: 'Ready', status: 'False' },
      { type: 'PresetsCombined', status: 'False', message: 'no config "big"' },
    ];
    await script.setStatus(LLM_INFERENCE_SERVICES, name, { conditions });
    const { cause, reasons } = diagnose(await server('LLMInferenceService'), QUIET_CONTEXT);
    expect([cause, reasons[0]]).toEqual(['bad-config', 'The LLMInferenceService is refused by its controller: no config "big"']);
  });

  it('is not changed where we may not, where it is gone, or where somebody was faster', async () => {
    const seen = await serving();
    const change = back('hf://llama/2', 'hf://llama/1');
    const away = kubernetesCluster(await asNobody(), NO_SYSTEMS);
    const refused = away.apply(target('LLMInferenceService'), change, seen, { key: 'k', ...NOW });
    await expect(refused).rejects.toThrow(Refused);
    await expect(refused).rejects.toThrow('cannot get resource "llminferenceservices" in API group "serving.kserve.io"');
    await script.change(LLM_INFERENCE_SERVICES, name, { spec: { model: { uri: 'hf://llama/3' } } });
    const unbound = { uid: seen.uid, generation: null };
    await expect(cluster.apply(target('LLMInferenceService'), change, unbound, { key: 'k', ...NOW })).rejects.toThrow(
      `LLMInferenceService ${NAMESPACE}/${name} is to load hf://llama/3 now, and not hf://llama/2.`,
    );
    name = 'nothing';
    await expect(server('LLMInferenceService')).rejects.toThrow(TargetGone);
  });
});

describe('a Model of Seldon', () => {
  const available = {
    availableReplicas: 1,
    replicas: 1,
    conditions: [...READY, { type: 'ModelReady', status: 'True', message: 'ModelAvailable' }],
  };
  const failed = {
    availableReplicas: 0,
    conditions: [
      { type: 'Ready', status: 'False' },
      { type: 'ModelReady', status: 'False', message: 'ModelFailed', reason: 'cannot load the artifact' },
    ],
  };

  it('is well by the word of its scheduler and the replicas that are there, without pods of its own', async () => {
    await script.create(SELDON_MODELS, 'Model', name, { storageUri: GOOD, replicas: 1 });
    expect(isWell(await server('SeldonModel'))).toBe(false);
    await script.setStatus(SELDON_MODELS, name, available);
    const seen = await server('SeldonModel');
    expect(isWell(seen)).toBe(true);
    const around = await cluster.readSurroundings(target('SeldonModel'), { change: back(GOOD, BAD) });
    expect([around.object.kind, around.namespace.kind, around.replicas.kind]).toEqual(['read', 'read', 'read']);
    await script.setStatus(SELDON_MODELS, name, { availableReplicas: 0 });
    expect(healthOf(await server('SeldonModel'))).toMatchObject({ seen: expect.stringContaining('0 of 1 replicas of it are available') });
  });

  it('has a bad model version when it fails to load, and goes back, with the version that is picked in a store', async () => {
    const annotations = { 'paramedic.dev/model': 'churn', 'paramedic.dev/model-address': 's3://models/churn#{version}' };
    await script.create(SELDON_MODELS, 'Model', name, { storageUri: 's3://models/churn', artifactVersion: 2 }, annotations);
    await script.setStatus(SELDON_MODELS, name, failed);
    const seen = await server('SeldonModel');
    const { cause, reasons } = diagnose(seen, QUIET_CONTEXT);
    expect([cause, reasons[0]]).toEqual(['bad-model-version', expect.stringContaining('cannot load the artifact')]);
    const change = planned('rollBackModel', seen);
    await cluster.apply(target('SeldonModel'), change, seen, { key: 'k', ...NOW });
    const { spec } = await script.read<{ spec: object }>(SELDON_MODELS, name);
    expect(spec).toMatchObject({ storageUri: 's3://models/churn', artifactVersion: 1 });
    await expect(
      cluster.apply(target('SeldonModel'), change, { uid: seen.uid, generation: null }, { key: 'other', ...NOW }),
    ).rejects.toThrow(TargetChanged);
  });
});
