import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Refused, TargetChanged, TargetGone } from '../../../clients/failures.ts';
import { cloudDeploy } from '../../../clients/serving/cloud-deploy.ts';
import { servedModelReader } from '../../../clients/serving/served-model.ts';
import { diagnose } from '../../../diagnosis/diagnose.ts';
import { healthOf } from '../../../diagnosis/health.ts';
import { inverse } from '../../../incident/change.ts';
import { QUIET_CONTEXT } from '../../../incident/context.ts';
import type { ModelServerEvidence } from '../../../incident/evidence.ts';
import type { ModelRecord } from '../../../incident/model-record.ts';
import { rollBackModel } from '../../../remedies/roll-back-model.ts';
import { remedyLimits } from '../../remedy-limits.ts';
import { type CloudDeployDouble, cloudDeployDouble, rollout } from '../../vendors/cloud-deploy/double.ts';
import { accessTo, googleFailure, TOKEN } from '../../vendors/google.ts';
import { type Recorder, record } from '../../vendors/recorder.ts';
import { tellsTroubles } from '../../vendors/troubles.ts';

const target = { cluster: 'test', namespace: 'cloud-deploy', kind: 'DeliveryPipeline', name: 'churn.prod' } as const;
const ACT = { key: 'k1', dryRun: false };
const HOUR_MS = 3_600_000;
const SEEN: ModelRecord = {
  model: 'cloud-deploy/churn.prod',
  registry: null,
  seen: [
    { server: 'cloud-deploy/DeliveryPipeline/churn.prod', address: 'r1', version: null, settings: {}, fromMs: 0, untilMs: 9 * HOUR_MS },
  ],
  pin: null,
  quarantined: [],
  promotedMs: null,
};

let double: CloudDeployDouble;
let server: Recorder;
beforeAll(async () => {
  server = await record((request, headers) => double.answer(request, headers));
});
afterAll(() => server.close());
beforeEach(() => {
  double = cloudDeployDouble();
  server.suffer(null);
  server.begin();
});

const deliveries = (answerMsMax = 30_000) =>
  cloudDeploy(accessTo(server.url, { answerMsMax }), servedModelReader({ registries: new Map(), records: { read: async () => SEEN } }));
const see = async () => (await deliveries().observe(target)) as ModelServerEvidence;
const writes = () => [...server.steps.values()].flat().filter(({ method }) => method !== 'GET');
const isWrite = ({ method }: { method: string }) => method === 'POST';

async function planned() {
  const seen = await see();
  const plan = rollBackModel(seen.served, remedyLimits().model);
  if (plan.kind === 'unusable' || plan.change.kind !== 'modelVersion') throw new Error('It cannot be planned.');
  return { change: plan.change, seen };
}

describe('a target of a delivery pipeline', () => {
  it('is seen with the release that was brought last, the one that serves, and why the last failed', async () => {
    const seen = await see();
    expect(seen).toMatchObject({
      ready: false,
      served: { model: 'cloud-deploy/churn.prod', wanted: 'r2', serving: ['r1'] },
      loading: { transition: 'BlockedByFailedLoad', failure: 'EXECUTION_FAILED: It did not become ready.' },
    });
    expect(diagnose(seen, QUIET_CONTEXT)).toMatchObject({
      cause: 'bad-model-version',
      reasons: [expect.stringContaining('It did not become ready.')],
    });
  });

  it('is healthy once what was brought last has succeeded', async () => {
    double.rollouts.shift();
    expect(healthOf(await see()).kind).toBe('recovered');
  });

  it.each(['CANCELLED', 'HALTED'])('is not blamed on the release where somebody stopped its rollout (%s)', async (state) => {
    double.rollouts[0]!.state = state;
    const seen = await see();
    expect(healthOf(seen).kind).toBe('notRecovered');
    expect(diagnose(seen, QUIET_CONTEXT)).toMatchObject({
      cause: 'held-by-person',
      reasons: [`The DeliveryPipeline is stopped: the rollout of release r2 is ${state}.`],
    });
  });

  it.each(['PENDING_APPROVAL', 'APPROVAL_REJECTED'])('is as it was while nothing of a rollout was brought (%s)', async (state) => {
    double.rollouts[0]!.state = state;
    expect(await see()).toMatchObject({ ready: true, served: { wanted: 'r1', serving: ['r1'] } });
  });

  it('is waited for while a rollout is under way', async () => {
    double.rollouts[0]!.state = 'IN_PROGRESS';
    expect(diagnose(await see(), QUIET_CONTEXT)).toMatchObject({
      cause: 'rolling-out',
      reasons: ['It does not serve whole what it is to serve: release r2 is still being brought (IN_PROGRESS).'],
    });
  });

  it('is left to an automation of Cloud Deploy that mends it', async () => {
    const { change, seen } = await planned();
    double.rollouts[0]!.activeRepairAutomationRun = 'automationRuns/1';
    expect(diagnose(await see(), QUIET_CONTEXT).cause).toBe('rolling-out');
    await expect(deliveries().apply(target, change, seen, ACT)).rejects.toThrow('A rollout of release r2 to churn.prod is under way');
  });

  it('is gone where nothing was ever brought to it, or the pipeline does not exist', async () => {
    await expect(deliveries().observe({ ...target, name: 'churn.dev' })).rejects.toThrow(
      new TargetGone('Delivery pipeline churn has brought nothing to target dev.'),
    );
    await expect(deliveries().observe({ ...target, name: 'other.prod' })).rejects.toThrow(
      new TargetGone('Delivery pipeline other does not exist.'),
    );
    expect(await deliveries().topmost('other.prod')).toBeNull();
    await expect(deliveries().observe({ ...target, name: 'churn' })).rejects.toThrow(
      new Refused('"churn" names no delivery pipeline and target; it must be PIPELINE.TARGET, such as churn.prod.'),
    );
  });

  it('is listed once for each stage of its pipeline', async () => {
    expect(await deliveries().list?.()).toEqual(['churn.staging', 'churn.prod']);
  });

  it('opts out where it is suspended, or says so', async () => {
    expect(await deliveries().optOut(target)).toBeNull();
    double.pipeline.annotations = { 'paramedic.dev/off': 'true' };
    expect(await deliveries().optOut(target)).toBe('annotation paramedic.dev/off');
    double.pipeline.suspended = true;
    expect(await deliveries().optOut(target)).toBe('it is suspended');
  });
});

describe('an earlier release of a delivery pipeline', () => {
  it('is gone back to by its name, never merely to the one before, and once (safety 1)', async () => {
    const { change, seen } = await planned();
    expect(change).toMatchObject({ registry: null, from: { address: 'r2' }, to: { address: 'r1' } });
    expect(await deliveries().apply(target, change, seen, ACT)).toBe('applied');
    expect(writes()).toMatchObject([
      {
        path: expect.stringMatching(/churn:rollbackTarget$/),
        body: { targetId: 'prod', releaseId: 'r1', rolloutId: expect.stringMatching(/^paramedic-[0-9a-f]{20}$/) },
      },
    ]);
    expect(await deliveries().apply(target, change, seen, ACT)).toBe('alreadyApplied');
    double.rollouts[0]!.state = 'SUCCEEDED';
    expect(healthOf(await see()).kind).toBe('recovered');
    expect(await deliveries().apply(target, change, seen, ACT)).toBe('alreadyApplied');
    expect(writes()).toHaveLength(1);
  });

  it('is gone back to on condition that what serves is what was looked at', async () => {
    double.rollouts[0]!.state = 'SUCCEEDED';
    const { change, seen } = await planned();
    const beforeWrite = async () => {
      double.rollouts.unshift(rollout('r3', 'r3-to-prod-0001', 'SUCCEEDED', '04'));
    };
    await expect(deliveries().apply(target, change, seen, { ...ACT, beforeWrite })).rejects.toThrow(
      'Rollout r2-to-prod-0001 is not the latest one on the target.',
    );
    expect(double.rollouts).toHaveLength(3);
  });

  it('takes a rollout of the same act that was not to be seen yet for its own', async () => {
    const { change, seen } = await planned();
    server.suffer({ ...googleFailure(409, 'ALREADY_EXISTS', 'there'), kind: 'failing', status: 409 }, isWrite);
    expect(await deliveries().apply(target, change, seen, ACT)).toBe('alreadyApplied');
    server.suffer({ ...googleFailure(409, 'ABORTED', 'another is being made'), kind: 'failing', status: 409 }, isWrite);
    await expect(deliveries().apply(target, change, seen, ACT)).rejects.toThrow(
      new TargetChanged('What was brought to churn.prod changed meanwhile: another is being made'),
    );
  });

  it('is asked for in a dry run, which changes nothing', async () => {
    const { change, seen } = await planned();
    const before = double.rollouts.length;
    expect(await deliveries().apply(target, change, seen, { ...ACT, dryRun: true })).toBe('applied');
    expect(writes()).toMatchObject([{ body: { validateOnly: true } }]);
    expect(double.rollouts).toHaveLength(before);
  });

  it.each(['IN_PROGRESS', 'PENDING_APPROVAL'])('waits for a rollout that is under way, or is to be (%s)', async (state) => {
    const { change, seen } = await planned();
    double.rollouts.unshift(rollout('r3', 'r3-to-prod-0001', state, '05'));
    await expect(deliveries().apply(target, change, seen, ACT)).rejects.toThrow(
      new TargetChanged(`A rollout of release r3 to churn.prod is under way, or is to be: ${state}.`),
    );
    expect(writes()).toEqual([]);
  });

  it('is not gone back to once anything else was brought (safety 13)', async () => {
    const { change, seen } = await planned();
    double.rollouts.unshift(rollout('r2', 'r2-to-prod-0002', 'FAILED', '05'));
    await expect(deliveries().apply(target, change, seen, ACT)).rejects.toThrow(
      new TargetChanged('Release r2 was brought to churn.prod once more since it was looked at.'),
    );
    double.rollouts.unshift(rollout('r3', 'r3-to-prod-0001', 'SUCCEEDED', '06'));
    await expect(deliveries().apply(target, change, seen, ACT)).rejects.toThrow(
      new TargetChanged('Release r3 is what was brought to churn.prod last, and not r2.'),
    );
    await expect(deliveries().apply(target, change, { ...seen, uid: 'other' }, ACT)).rejects.toThrow('was deleted and made anew');
    expect(writes()).toEqual([]);
  });

  it('is not gone back to where what is asked before the write forbids it', async () => {
    const { change, seen } = await planned();
    const beforeWrite = () => Promise.reject(new TargetChanged('The permit is void.'));
    await expect(deliveries().apply(target, change, seen, { ...ACT, beforeWrite })).rejects.toThrow('The permit is void.');
    expect(writes()).toEqual([]);
  });

  it('is refused where it is not there any more, with the permission where that is missing', async () => {
    const { change, seen } = await planned();
    await expect(deliveries().apply(target, { ...change, to: { ...change.to, address: 'r0' } }, seen, ACT)).rejects.toThrow(
      /404 NOT_FOUND.*Release r0 is not found/,
    );
    server.suffer({ kind: 'failing', status: 403, body: {} }, isWrite);
    await expect(deliveries().apply(target, change, seen, ACT)).rejects.toThrow(
      'Cloud Deploy does not allow it: clouddeploy.rollouts.rollback and clouddeploy.rollouts.create is missing.',
    );
  });

  it('does not bring back, when it is taken back, what never succeeded there', async () => {
    const { change, seen } = await planned();
    await deliveries().apply(target, change, seen, ACT);
    double.rollouts[0]!.state = 'FAILED';
    const undo = { key: 'k1/undo', dryRun: false, undoes: 'k1' };
    const back = () => deliveries().apply(target, inverse(change) as typeof change, { uid: seen.uid, generation: null }, undo);
    await expect(back()).rejects.toThrow(new Refused('Release r2 never succeeded at churn.prod, and is not brought back.'));
    double.rollouts[1]!.state = 'SUCCEEDED';
    expect(await back()).toBe('applied');
    expect(double.rollouts[0]).toMatchObject({ name: expect.stringContaining('/releases/r2/') });
  });
});

describe('Cloud Deploy in trouble', () => {
  tellsTroubles({
    server: () => server,
    ask: (answerMsMax) => deliveries(answerMsMax).observe(target),
    system: 'Cloud Deploy',
    credentials: 'GOOGLE_APPLICATION_CREDENTIALS',
    needs: 'clouddeploy.deliveryPipelines.get',
    secret: TOKEN,
    failure: (message) => ({ error: { code: 400, status: 'X', message } }),
  });
});
