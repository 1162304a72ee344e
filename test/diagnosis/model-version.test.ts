import { describe, expect, it } from '@jest/globals';
import { diagnose } from '../../diagnosis/diagnose.ts';
import { QUIET_CONTEXT } from '../../incident/context.ts';
import type { ModelServerEvidence, ServedModel, WorkloadEvidence } from '../../incident/evidence.ts';
import { BAD_URI, evidence, GOOD_URI, modelServer, readyPod, sickPod } from '../evidence.ts';

const environment = { what: 'environment', text: 'MODEL_URI of server: #1 → #2' } as const;
const served = (change: Partial<ServedModel> = {}): ServedModel => ({
  ...modelServer({}).served,
  wanted: BAD_URI,
  serving: [],
  before: GOOD_URI,
  ...change,
});
const failing = (change: Partial<WorkloadEvidence> = {}) =>
  evidence({ pods: [sickPod({})], replicasReady: 0, replicasUpdated: 1, differences: [environment], served: served(), ...change });

const causeOf = (seen: WorkloadEvidence | ModelServerEvidence, context = QUIET_CONTEXT) => diagnose(seen, context);

describe('a workload whose newest release fails', () => {
  it('has a bad model version where the release brought another one, before the release is blamed', () => {
    const { cause, confidence, reasons, others } = causeOf(failing());
    expect([cause, confidence]).toEqual(['bad-model-version', 'likely']);
    expect(reasons[0]).toMatch(`It was to serve ${BAD_URI} instead of ${GOOD_URI}. Every pod of revision 2 fails`);
    expect(others.map((other) => other.cause)).toContain('bad-release');
  });

  it('may have more wrong with it where more came with the version', () => {
    const image = { what: 'image', text: 'image of server: a → b' } as const;
    expect(causeOf(failing({ differences: [environment, image] })).confidence).toBe('possible');
  });

  it('is a bad release where its model is the one from before, is not told, or it has none', () => {
    expect(causeOf(failing({ served: served({ before: BAD_URI }) })).cause).toBe('bad-release');
    expect(causeOf(failing({ served: { ...modelServer({}).served, wanted: BAD_URI, serving: [] } })).cause).toBe('bad-release');
    expect(causeOf(failing({ served: null })).cause).toBe('bad-release');
  });

  it('has a bad model version also where its pods run and are never ready', () => {
    const silent = { ...readyPod('ranker-1'), ready: false, notReadySeconds: 300, readyAfterSeconds: null };
    const { cause } = causeOf(failing({ pods: [silent], progressStopped: 'ReplicaSet has timed out progressing.' }));
    expect(cause).toBe('bad-model-version');
  });

  it('is told beside it that its annotations say of no place', () => {
    const why = 'The Deployment ml/churn has annotation paramedic.dev/model-at "nowhere".';
    const { cause, others } = causeOf(failing({ served: served({ wanted: null, whyUnaddressed: why }) }));
    expect(cause).toBe('bad-release');
    expect(others.map(({ reason }) => reason)).toContain(why);
  });
});

describe('a workload that is ready', () => {
  it('has a bad model version where it answers its golden request wrongly', () => {
    const golden = { kind: 'read', value: { kind: 'wrong', by: 'ranker-1', why: 'it answers 0.1 at /x, less than 0.6' } } as const;
    const well = evidence({ served: served({ serving: [BAD_URI] }) });
    expect(causeOf(well).cause).toBe('healthy');
    expect(causeOf(well, { ...QUIET_CONTEXT, golden }).cause).toBe('bad-model-version');
  });

  it('is not well while its pods serve another version than is wanted', () => {
    expect(causeOf(evidence({ served: served({ serving: [GOOD_URI] }) })).cause).not.toBe('healthy');
  });
});

describe('a Rollout', () => {
  const rollout = (workload: WorkloadEvidence, change: Partial<ModelServerEvidence> = {}): ModelServerEvidence =>
    modelServer({ kind: 'Rollout', loading: null, served: workload.served ?? served({ wanted: null }), workload, ...change });

  it('is asked what other workloads are: its model version first, else its release', () => {
    expect(causeOf(rollout(failing(), { ready: false })).cause).toBe('bad-model-version');
    expect(causeOf(rollout(failing({ served: null }), { ready: false })).cause).toBe('bad-release');
  });

  it('is rolling out while its newest release is well and not its stable one', () => {
    const traffic = 'the rollout of its newest release is Paused after 1 of 3 steps';
    const { cause, reasons } = causeOf(rollout(evidence({}), { ready: false, traffic }));
    expect(cause).toBe('rolling-out');
    expect(reasons[0]).toBe(`It does not serve whole what it is to serve: ${traffic}.`);
  });
});

describe('a model server', () => {
  it('is held by the person who stopped it', () => {
    const stoppedBy = 'it has the annotation serving.kserve.io/stop';
    const { cause, reasons } = causeOf(modelServer({ ready: false, workload: null, stoppedBy }));
    expect([cause, reasons[0]]).toEqual(['held-by-person', `The InferenceService is stopped: ${stoppedBy}.`]);
  });

  it('has a bad configuration where its controller refuses it, whatever version it names', () => {
    const loading = { transition: 'InvalidSpec', wanted: null, failure: 'no runtime supports the format' };
    expect(causeOf(modelServer({ ready: false, loading })).cause).toBe('bad-config');
  });

  it('whose pods are shared with others is judged without them', () => {
    const seen = modelServer({ kind: 'SeldonModel', workload: null });
    expect(causeOf(seen).cause).toBe('healthy');
    expect(causeOf({ ...seen, kind: 'LLMInferenceService' }).cause).not.toBe('healthy');
  });
});
