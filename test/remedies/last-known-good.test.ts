import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ModelVersion, RegisteredModel } from '../../incident/model.ts';
import { lastKnownGood as lastKnownGoodOf } from '../../remedies/last-known-good.ts';
import { BAD_URI, registeredModel, servedModel } from '../evidence.ts';
import { remedyLimits } from '../remedy-limits.ts';

const ALIAS = 'last-known-good';

function version(number: number, change: Partial<ModelVersion> = {}): ModelVersion {
  return {
    version: `${number}`,
    storageUri: `s3://models/churn/${number}`,
    complete: true,
    validated: false,
    quarantined: false,
    ...change,
  };
}

const lastKnownGood = (model: RegisteredModel, wanted: string, lastKnownGoodAlias: string) =>
  lastKnownGoodOf({ ...servedModel({ registry: { kind: 'read', model } }), wanted }, { ...remedyLimits().model, lastKnownGoodAlias });
const unmarked = (...versions: ModelVersion[]) => registeredModel({ versions, aliases: {} });

describe('lastKnownGood()', () => {
  it('is the version the alias marks', () => {
    expect(lastKnownGood(registeredModel(), BAD_URI, ALIAS)).toMatchObject({ kind: 'found', version: { version: '1' } });
  });

  it('is not merely the one before: without the alias it is the newest older version that passed its validation', () => {
    const model = unmarked(
      version(9, { validated: true }),
      version(8),
      version(7),
      version(6, { validated: true }),
      version(5, { validated: true }),
    );
    expect(lastKnownGood(model, 's3://models/churn/8', ALIAS)).toMatchObject({ kind: 'found', version: { version: '6' } });
  });

  it.each([
    [
      'its alias points at a version that does not exist',
      registeredModel({ aliases: { [ALIAS]: '7' } }),
      'which the registry does not list',
    ],
    [
      'the failing version is itself the one marked',
      registeredModel({ aliases: { [ALIAS]: '2' } }),
      'the failing version 2 is itself marked',
    ],
    [
      'the marked version is quarantined',
      registeredModel({ versions: [version(2), version(1, { quarantined: true })] }),
      'which is quarantined',
    ],
    ['the marked version is not complete', registeredModel({ versions: [version(2), version(1, { complete: false })] }), 'has no address'],
    ['no older version is proven', unmarked(version(2), version(1)), 'no version older than 2 is marked'],
    ['the failing version is not registered', unmarked(version(1, { validated: true })), 'the failing one is not registered'],
  ])('is none when %s (safety 24)', (_case, model, reason) => {
    expect(lastKnownGood(model, BAD_URI, ALIAS)).toEqual({ kind: 'none', reason: expect.stringContaining(reason) });
    expect(lastKnownGood(model, BAD_URI, ALIAS)).toMatchObject({ reason: expect.stringMatching(/^Cannot roll back model "churn": /) });
  });

  it('is none, and no validated version in its stead, when the alias is at an unknown, incomplete or quarantined one (safety 24)', () => {
    const others = fc.array(fc.record({ complete: fc.boolean(), validated: fc.boolean(), quarantined: fc.boolean() }), { maxLength: 8 });
    const broken = fc.constantFrom<Partial<ModelVersion> | null>(null, { complete: false }, { quarantined: true }, { storageUri: null });
    fc.assert(
      fc.property(others, others, broken, (newer, older, fault) => {
        const number = older.length + 1;
        const marked = fault === null ? [] : [version(number, { validated: true, ...fault })];
        const flags = [...newer.map((flag, index) => version(number + newer.length - index, flag)), ...marked];
        const versions = [version(99), ...flags, ...older.map((flag, index) => version(older.length - index, flag))];
        const model = registeredModel({ versions, aliases: { [ALIAS]: `${number}` } });
        expect(lastKnownGood(model, 's3://models/churn/99', ALIAS).kind).toBe('none');
      }),
    );
  });

  it('is never a quarantined, incomplete or failing version, whatever the registry holds (safety 24)', () => {
    const anyVersions = fc.array(fc.record({ complete: fc.boolean(), validated: fc.boolean(), quarantined: fc.boolean() }), {
      maxLength: 8,
    });
    const anyAlias = fc.option(fc.integer({ min: 0, max: 9 }), { nil: null });
    fc.assert(
      fc.property(anyVersions, anyAlias, fc.integer({ min: 0, max: 9 }), (flags, marked, failing) => {
        const versions = flags.map((flag, index) => version(flags.length - index, flag));
        const model = registeredModel({ versions, aliases: marked === null ? {} : { [ALIAS]: `${marked}` } });
        const found = lastKnownGood(model, `s3://models/churn/${failing}`, ALIAS);
        if (found.kind === 'none') return;
        const chosen = versions.find((one) => one.version === found.version.version);
        expect(chosen).toMatchObject({ complete: true, quarantined: false });
        expect(chosen?.version).not.toBe(`${failing}`);
        expect(chosen?.validated || chosen?.version === `${marked}`).toBe(true);
      }),
    );
  });
});
