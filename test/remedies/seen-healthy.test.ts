import { describe, expect, it } from '@jest/globals';
import type { RegistryEvidence, ServedModel } from '../../incident/evidence.ts';
import type { ModelRecord, SeenServing } from '../../incident/model-record.ts';
import { lastKnownGood } from '../../remedies/last-known-good.ts';
import { rollBackModel } from '../../remedies/roll-back-model.ts';
import { BAD_URI, GOOD_URI, registeredModel, servedModel } from '../evidence.ts';
import { remedyLimits } from '../remedy-limits.ts';

const HOUR_MS = 3_600_000;
const limits = remedyLimits().model;
const NONE: RegistryEvidence = { kind: 'absent', reason: 'No model registry is configured.' };

function seen(version: number | null, hours: number, change: Partial<SeenServing> = {}): SeenServing {
  const address = `s3://models/churn/${version ?? 'x'}`;
  const server = 'ml/InferenceService/churn';
  return { server, address, version: version === null ? null : `${version}`, settings: {}, fromMs: 0, untilMs: hours * HOUR_MS, ...change };
}

function record(change: Partial<ModelRecord>): Pick<ServedModel, 'record'> {
  const value = { model: 'churn', registry: 'mlflow', seen: [], pin: null, quarantined: [], promotedMs: null, ...change };
  return { record: { kind: 'read', value } };
}

const unmarked: RegistryEvidence = {
  kind: 'read',
  model: registeredModel({ aliases: {}, versions: registeredModel().versions.map((one) => ({ ...one, validated: false })) }),
};
const good = (change: Partial<ServedModel>) => lastKnownGood({ ...servedModel(change), wanted: BAD_URI }, limits);
const quarantine = { by: 'anna', reason: 'x', atMs: 0 };
const pin = { version: '1', by: 'anna', reason: 'it served us for a year', atMs: 0 };

describe('the last known good version of a model', () => {
  it('is the one that was seen healthy in serving for the soak time, where no alias marks one', () => {
    expect(good({ registry: unmarked, ...record({ seen: [seen(1, 2)] }) })).toEqual({
      kind: 'found',
      version: { version: '1', address: GOOD_URI },
      why: 'Version 1 was last seen healthy in serving, for 7200 s, by ml/InferenceService/churn.',
    });
  });

  it('is what was seen, where there is no registry at all', () => {
    expect(good({ registry: NONE, ...record({ seen: [seen(null, 2, { address: 's3://elsewhere/good' })] }) })).toMatchObject({
      version: { version: null, address: 's3://elsewhere/good' },
    });
  });

  it('is the last that was seen, of several', () => {
    const versions = ['3', '2', '1'].map((version) => ({
      ...registeredModel().versions[0]!,
      version,
      storageUri: `s3://models/churn/${version}`,
      validated: false,
    }));
    const registry: RegistryEvidence = { kind: 'read', model: registeredModel({ aliases: {}, versions }) };
    expect(good({ registry, ...record({ seen: [seen(1, 9), seen(3, 4)] }) })).toMatchObject({ version: { version: '1' } });
  });

  it('comes with what was said beside its address', () => {
    const settings = { runtime: 'kserve-sklearn' };
    expect(good({ registry: NONE, ...record({ seen: [seen(1, 2, { settings })] }) })).toMatchObject({ version: { settings } });
    expect(good(record({ seen: [seen(1, 0, { settings })] }))).toMatchObject({
      version: { version: '1', settings },
      why: 'Version 1 is marked last-known-good.',
    });
  });

  it.each<[string, RegistryEvidence, Partial<ModelRecord>]>([
    ['was not healthy for long enough', unmarked, { seen: [seen(1, 0.5)] }],
    ['is the failing one', unmarked, { seen: [seen(2, 5)] }],
    ['is quarantined in the record', unmarked, { seen: [seen(1, 5)], quarantined: [{ ...quarantine, address: GOOD_URI, version: '1' }] }],
    ['is no longer in the registry', unmarked, { seen: [seen(7, 5)] }],
    ['was never seen', NONE, {}],
  ])('is none that %s', (_case, registry, change) => {
    expect(good({ registry, ...record(change) }).kind).toBe('none');
  });

  it('is what a person pinned, whatever alias and record say', () => {
    const registry: RegistryEvidence = { kind: 'read', model: registeredModel({ aliases: { 'last-known-good': '2' } }) };
    expect(good({ registry, ...record({ pin, seen: [seen(2, 9)] }) })).toMatchObject({
      version: { version: '1', address: GOOD_URI },
      why: 'Version 1 is pinned by anna.',
    });
  });

  it.each<[string, Partial<ModelRecord>, string]>([
    ['the failing one', { pin: { ...pin, version: '2' } }, 'the failing version 2 is itself pinned by anna'],
    [
      'quarantined',
      { pin, quarantined: [{ ...quarantine, address: GOOD_URI, version: '1' }] },
      'version 1, pinned by anna, is quarantined',
    ],
    ['unknown', { pin: { ...pin, version: '9' } }, 'version 9, pinned by anna, has no address that its server could load'],
  ])('is none while the one that is pinned is %s (safety 24)', (_case, change, reason) => {
    expect(good(record(change))).toEqual({ kind: 'none', reason: `Cannot roll back model "churn": ${reason}.` });
  });

  it.each([
    [
      'the registry',
      { registry: { kind: 'unreadable', reason: 'MLflow is away' } as const, ...record({ seen: [seen(1, 5)] }) },
      'its registry cannot be read: MLflow is away',
    ],
    [
      'the record',
      { record: { kind: 'unreadable', what: 'the record of model "churn"', reason: 'Temporal is away' } as const },
      'the record of model "churn" cannot be read: Temporal is away',
    ],
  ])('is none while %s cannot be read (safety 18)', (_case, change, reason) => {
    expect(good(change)).toEqual({ kind: 'none', reason: `Cannot roll back model "churn": ${reason}.` });
  });
});

describe('a rollback', () => {
  it('that no registry knows of names none, and goes back to what was seen', () => {
    const served = servedModel({
      wanted: BAD_URI,
      settings: { runtime: 'new' },
      registry: NONE,
      ...record({ seen: [seen(1, 2, { settings: { runtime: 'old' } })] }),
    });
    expect(rollBackModel(served, limits)).toMatchObject({
      change: {
        registry: null,
        from: { version: null, address: BAD_URI, settings: { runtime: 'new' } },
        to: { version: '1', address: GOOD_URI, settings: { runtime: 'old' } },
      },
    });
  });
});
