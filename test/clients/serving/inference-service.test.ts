import { describe, expect, it } from '@jest/globals';
import { Refused, TargetChanged } from '../../../clients/failures.ts';
import type { RawObject } from '../../../clients/kubernetes/guarded-patch.ts';
import { answering, wantedModel } from '../../../clients/serving/inference-service-parts.ts';
import { versionOperations } from '../../../clients/serving/inference-service-patch.ts';
import { InferenceService } from '../../../clients/serving/inference-service-spec.ts';
import type { ServerSettings } from '../../../incident/model.ts';

const SERVER = 'InferenceService ml/churn';
const GOOD = 's3://models/churn/1';
const BAD = 's3://models/churn/2';
const sklearn = { modelFormat: { name: 'sklearn', version: '1' }, runtime: 'kserve-sklearnserver', protocolVersion: 'v2' };
const SETTINGS = { runtime: 'kserve-sklearnserver', protocolVersion: 'v2', modelFormat: 'sklearn', modelFormatVersion: '1' };

const object = (predictor: object, more: { canary?: readonly object[]; status?: object } = {}): RawObject =>
  ({
    metadata: { name: 'churn', uid: 'u1', generation: 3 },
    spec: { predictor, ...(more.canary ? { canary: more.canary } : {}) },
    status: more.status ?? {},
  }) as unknown as RawObject;
const parsed = (...args: Parameters<typeof object>) => InferenceService.parse(object(...args));
const wanted = (...args: Parameters<typeof object>) => wantedModel(parsed(...args), SERVER);

/** The operations of going from the bad version to the good one. */
function back(raw: RawObject, { from = BAD, to = GOOD, settings }: { from?: string; to?: string; settings?: ServerSettings } = {}) {
  const change = { from: { version: '2', address: from }, to: { version: '1', address: to, ...(settings ? { settings } : {}) } };
  return versionOperations(raw, change, SERVER);
}

describe('the model of an InferenceService', () => {
  it.each([
    ['model.storageUri', { model: { storageUri: BAD } }, BAD, '/model/storageUri'],
    ['model.storage.path', { model: { storage: { key: 'minio', path: 'churn/2' } } }, 'churn/2', '/model/storage/path'],
    ['the storageUri of a framework', { sklearn: { storageUri: BAD } }, BAD, '/sklearn/storageUri'],
    ['one of storageUris', { model: { runtime: 'x' }, storageUris: [{ uri: BAD }] }, BAD, '/storageUris/0/uri'],
  ])('is read at %s, and written there', (_place, predictor, address, at) => {
    expect(wanted(predictor)).toMatchObject({ address, root: '/spec/predictor', at });
    const settings = at === '/model/storageUri' ? undefined : { ...(wanted(predictor) as { settings: ServerSettings }).settings };
    expect(back(object(predictor), { from: address, ...(settings ? { settings } : {}) })).toEqual([
      { op: 'test', path: `/spec/predictor${at}`, value: address },
      { op: 'replace', path: `/spec/predictor${at}`, value: GOOD },
    ]);
  });

  it('has no single address where it loads from several, or names none', () => {
    expect(wanted({ model: {}, storageUris: [{ uri: GOOD }, { uri: BAD }] })).toBe(
      `The ${SERVER} loads from 2 addresses (${GOOD}, ${BAD}), none of which is its version.`,
    );
    expect(wanted({ model: {} })).toBe(`The ${SERVER} names no address of a model: neither storageUri, nor storage.path, nor storageUris.`);
    expect(() => back(object({ model: {} }))).toThrow(Refused);
  });

  it('goes back with the runtime, format and protocol that it was served with', () => {
    const raw = object({ model: { storageUri: BAD, modelFormat: { name: 'onnx' }, runtime: 'kserve-tritonserver', runtimeVersion: '24' } });
    expect(back(raw, { settings: SETTINGS }).slice(2)).toEqual([
      { op: 'add', path: '/spec/predictor/model/runtime', value: 'kserve-sklearnserver' },
      { op: 'remove', path: '/spec/predictor/model/runtimeVersion' },
      { op: 'add', path: '/spec/predictor/model/protocolVersion', value: 'v2' },
      { op: 'add', path: '/spec/predictor/model/modelFormat/name', value: 'sklearn' },
      { op: 'add', path: '/spec/predictor/model/modelFormat/version', value: '1' },
    ]);
    expect(wanted({ model: { storageUri: GOOD, ...sklearn } })).toMatchObject({ settings: SETTINGS });
  });

  it('goes back alone where nothing is known of how it was served', () => {
    expect(back(object({ model: { storageUri: BAD, ...sklearn } }))).toHaveLength(2);
  });

  it('is refused where an earlier one stood elsewhere, since one place does not understand the address of another', () => {
    const settings = { at: '/model/storage/path', storageKey: 'minio' };
    expect(() => back(object({ model: { storageUri: BAD } }), { settings })).toThrow(
      `Cannot write ${GOOD} into ${SERVER}: it stood at /model/storage/path of the predictor, where the service now has none; set it by hand.`,
    );
  });

  it('is left as it is where somebody has changed it meanwhile', () => {
    expect(() => back(object({ model: { storageUri: GOOD } }))).toThrow(TargetChanged);
    expect(() => back(object({ model: { storageUri: GOOD } }))).toThrow(`${SERVER} is to load ${GOOD} now, and not ${BAD}.`);
  });
});

describe('an InferenceService that Knative runs', () => {
  const status = (traffic: object[], mode = 'Knative') => ({
    deploymentMode: mode,
    components: { predictor: { latestCreatedRevision: 'churn-predictor-00002', traffic } },
  });
  const predictor = { model: { storageUri: BAD }, canaryTrafficPercent: 10 };

  it('is served by the revisions that get requests, and says how these are split', () => {
    const traffic = [
      { revisionName: 'churn-predictor-00002', percent: 10, latestRevision: true },
      { revisionName: 'churn-predictor-00001', percent: 90, tag: 'prev' },
      { revisionName: 'churn-predictor-00000', percent: 0 },
    ];
    expect(answering(parsed(predictor, { status: status(traffic, 'Serverless') }))).toEqual({
      wanted: 'churn-predictor-00002-deployment',
      all: ['churn-predictor-00002-deployment', 'churn-predictor-00001-deployment'],
      traffic: '90 % of the requests go to revision churn-predictor-00001, and not to the newest one, churn-predictor-00002',
    });
  });

  it('serves whole only when all requests go to the newest revision', () => {
    const all = (revisionName: string) => answering(parsed(predictor, { status: status([{ revisionName, percent: 100 }]) })).traffic;
    expect(all('churn-predictor-00002')).toBeNull();
    expect(all('churn-predictor-00001')).toContain('100 % of the requests go to revision churn-predictor-00001');
    expect(answering(parsed(predictor, { status: status([]) })).traffic).toBe('none of its revisions gets requests yet');
    expect(answering(parsed(predictor, { status: { deploymentMode: 'Knative' } }))).toEqual({
      wanted: null,
      all: [],
      traffic: 'no revision of it was made yet',
    });
  });

  it('goes back with all requests, and a canary that is restored gets its part again', () => {
    const path = '/spec/predictor/canaryTrafficPercent';
    expect(back(object(predictor)).at(-1)).toEqual({ op: 'remove', path });
    expect(wanted(predictor)).toMatchObject({ settings: { canaryTrafficPercent: '10' } });
    const restored = back(object({ model: { storageUri: GOOD } }), { from: GOOD, to: BAD, settings: { canaryTrafficPercent: '10' } });
    expect(restored.at(-1)).toEqual({ op: 'add', path, value: 10 });
  });
});

describe('an InferenceService that plain Deployments run', () => {
  const canary = (name: string, trafficPercent: number) => ({ trafficPercent, predictor: { name, model: { storageUri: BAD } } });
  const predictor = { name: 'stable', model: { storageUri: GOOD } };

  it('is served by the Deployment called after its predictor', () => {
    expect(answering(parsed(predictor))).toEqual({ wanted: 'churn-stable-predictor', all: ['churn-stable-predictor'], traffic: null });
    expect(answering(parsed({ model: {} })).wanted).toBe('churn-predictor');
  });

  it('is to serve what its canary brings, which is told, with how loading that goes', () => {
    const status = {
      modelStatus: { transitionStatus: 'UpToDate' },
      canaryStatuses: [{ name: 'new', modelStatus: { transitionStatus: 'BlockedByFailedLoad' } }],
    };
    const service = [predictor, { canary: [canary('new', 20)], status }] as const;
    expect(wanted(...service)).toMatchObject({ address: BAD, settings: { canary: 'new' }, loading: { transition: 'BlockedByFailedLoad' } });
    expect(answering(parsed(...service))).toEqual({
      wanted: 'churn-new-predictor',
      all: ['churn-stable-predictor', 'churn-new-predictor'],
      traffic: 'canary new gets 20 % of the requests',
    });
    expect(answering(parsed(predictor, { canary: [canary('new', 0)] })).all).toEqual(['churn-stable-predictor']);
  });

  it('loses its canary when it goes back to what it serves beside it', () => {
    expect(back(object(predictor, { canary: [canary('new', 20)] }))).toEqual([
      { op: 'test', path: '/spec/canary/0/predictor/model/storageUri', value: BAD },
      { op: 'remove', path: '/spec/canary' },
    ]);
    const other = back(object({ ...predictor, model: { storageUri: 's3://models/churn/0' } }, { canary: [canary('new', 20)] }));
    expect(other.at(-1)).toEqual({ op: 'replace', path: '/spec/predictor/model/storageUri', value: GOOD });
  });

  it('does not get a canary back by itself, since nothing keeps what was in it', () => {
    expect(() => back(object(predictor), { from: GOOD, to: BAD, settings: { canary: 'new' } })).toThrow(
      `Cannot bring ${BAD} back to ${SERVER}: it was served by canary new, which is gone; deploy it anew.`,
    );
  });

  it('has no single newest version where it has several canaries', () => {
    expect(wanted(predictor, { canary: [canary('a', 1), canary('b', 1)] })).toBe(
      `The ${SERVER} has 2 canaries, none of which alone is its newest version.`,
    );
  });
});
