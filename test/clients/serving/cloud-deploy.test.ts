import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Refused, TargetChanged, TargetGone } from '../../../clients/failures.ts';
import { cloudDeploy } from '../../../clients/serving/cloud-deploy.ts';
import { servedModelReader } from '../../../clients/serving/served-model.ts';
import { diagnose } from '../../../diagnosis/diagnose.ts';
import { healthOf } from '../../../diagnosis/health.ts';
import { QUIET_CONTEXT } from '../../../incident/context.ts';
import type { ModelServerEvidence } from '../../../incident/evidence.ts';
import type { ModelRecord } from '../../../incident/model-record.ts';
import { rollBackModel } from '../../../remedies/roll-back-model.ts';
import { remedyLimits } from '../../remedy-limits.ts';
import { type CloudDeployDouble, cloudDeployDouble } from '../../vendors/cloud-deploy/double.ts';
import { type Recorder, record } from '../../vendors/recorder.ts';
import { WHERE } from '../../vendors/vertex/double.ts';

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

beforeEach(async () => {
  double = cloudDeployDouble();
  server = await record(double.answer);
});

afterEach(() => server.close());

function deliveries() {
  const access = { ...WHERE, url: server.url, authorize: async (refused: boolean) => (refused ? null : { authorization: 'Bearer t' }) };
  const served = servedModelReader({ registries: new Map(), records: { read: async () => SEEN } });
  return cloudDeploy(access, served) as Extract<ReturnType<typeof cloudDeploy>, { is: 'server' }>;
}

const see = async () => (await deliveries().observe(target)) as ModelServerEvidence;
const writes = () => [...server.steps.values()].flat().filter(({ method }) => method !== 'GET');

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
      loading: { transition: 'BlockedByFailedLoad', failure: 'The deployment did not become ready.' },
    });
    expect(diagnose(seen, QUIET_CONTEXT)).toMatchObject({
      cause: 'bad-model-version',
      reasons: [expect.stringContaining('The deployment did not become ready.')],
    });
  });

  it('is healthy once what was brought last has succeeded', async () => {
    double.rollouts.shift();
    expect(healthOf(await see()).kind).toBe('recovered');
  });

  it('goes back to the release that was seen serving, by name and never merely to the one before, and once (safety 1)', async () => {
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
    expect(writes()).toHaveLength(1);
  });

  it('takes a rollout of the same act that was not to be seen yet for its own', async () => {
    const { change, seen } = await planned();
    server.suffer(
      { kind: 'failing', status: 409, body: { error: { status: 'ALREADY_EXISTS', message: 'there' } } },
      ({ method }) => method === 'POST',
    );
    expect(await deliveries().apply(target, change, seen, ACT)).toBe('alreadyApplied');
  });

  it('asks in a dry run whether it would be accepted, and changes nothing', async () => {
    const { change, seen } = await planned();
    const before = double.rollouts.length;
    expect(await deliveries().apply(target, change, seen, { ...ACT, dryRun: true })).toBe('applied');
    expect(writes()).toMatchObject([{ body: { validateOnly: true } }]);
    expect(double.rollouts).toHaveLength(before);
  });

  it('is left alone while a rollout is under way, or once another release was brought (safety 13)', async () => {
    const { change, seen } = await planned();
    double.rollouts.unshift({
      ...double.rollouts[0]!,
      name: String(double.rollouts[0]!.name).replace('r2-to', 'r3-to').replace('/r2/', '/r3/'),
      state: 'IN_PROGRESS',
      createTime: '2026-01-05T00:00:00Z',
    });
    await expect(deliveries().apply(target, change, seen, ACT)).rejects.toThrow(
      new TargetChanged('A rollout to churn.prod is under way: IN_PROGRESS.'),
    );
    double.rollouts[0]!.state = 'SUCCEEDED';
    await expect(deliveries().apply(target, change, seen, ACT)).rejects.toThrow(
      'Release r3 is what was brought to churn.prod last, and not r2.',
    );
    expect(writes()).toEqual([]);
  });

  it('refuses a release that is not there any more, and a name that is none', async () => {
    const { change, seen } = await planned();
    await expect(deliveries().apply(target, { ...change, to: { ...change.to, address: 'r0' } }, seen, ACT)).rejects.toThrow(
      /404 NOT_FOUND.*Release r0 is not found/,
    );
    await expect(deliveries().observe({ ...target, name: 'churn' })).rejects.toThrow(
      '"churn" names no delivery pipeline and target; it must be PIPELINE.TARGET, such as churn.prod.',
    );
  });

  it('is gone where nothing was ever brought to it', async () => {
    await expect(deliveries().observe({ ...target, name: 'churn.dev' })).rejects.toThrow(
      new TargetGone('Delivery pipeline churn has brought nothing to target dev.'),
    );
  });

  it('names the permission that is missing', async () => {
    const { change, seen } = await planned();
    server.suffer({ kind: 'failing', status: 403, body: {} }, ({ method }) => method === 'POST');
    const error = await deliveries()
      .apply(target, change, seen, ACT)
      .catch((one) => one);
    expect(error).toBeInstanceOf(Refused);
    expect(error.message).toMatch(/clouddeploy\.rollouts\.rollback and clouddeploy\.rollouts\.create is missing/);
  });

  it('opts out where it is suspended, or says so', async () => {
    expect(await deliveries().optOut(target)).toBeNull();
    double.pipeline.suspended = true;
    expect(await deliveries().optOut(target)).toBe('it is suspended');
  });
});
