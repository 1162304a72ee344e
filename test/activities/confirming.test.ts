import { describe, expect, it } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { confirmingActivities, type ServedConfirmation } from '../../activities/confirming.ts';
import type { ModelRef } from '../../clients/model-records.ts';
import { emptyRecord, type KeptRecord } from '../../incident/models/kept-record.ts';
import { learn, type ModelFact } from '../../incident/models/model-facts.ts';
import { BAD_URI, GOOD_URI } from '../evidence.ts';
import { only, scriptedRegistry } from '../scripted-cluster.ts';

const confirmation: ServedConfirmation = {
  ...{ cluster: 'prod', place: 'mlflow', registry: 'mlflow', model: 'churn', incident: 'outage/prod/ml/x' },
  ...{ from: { version: '2', address: BAD_URI }, to: { version: '1', address: GOOD_URI } },
  ...{ lastKnownGoodAlias: 'last-known-good', servingAlias: 'production' },
};

/** Confirms, so often as is asked. Returns what was said and done, in order. */
async function confirm(change: Partial<ServedConfirmation> = {}, times = 1) {
  const registry = scriptedRegistry();
  let record: KeptRecord = emptyRecord('churn', null);
  const steps: string[] = [];
  const records = {
    async tell(of: ModelRef, facts: readonly ModelFact[]) {
      steps.push(`record ${of.cluster}/${of.registry}/${of.model}`);
      record = facts.reduce(learn, record);
    },
  };
  const listed = { ...registry, mark: async (...args: Parameters<typeof registry.mark>) => void steps.push(`mark ${args[1].kind}`) };
  const { confirmModelVersion } = confirmingActivities(only(listed), records);
  let said: readonly string[] = [];
  for (let n = 0; n < times; n++) said = await new MockActivityEnvironment().run(confirmModelVersion, { ...confirmation, ...change });
  return { said, steps, record };
}

describe('a rollback that was seen to serve', () => {
  it('is told to the record before the registry, so that what that tells everybody is known for our own doing', async () => {
    const { said, steps, record } = await confirm();
    expect(steps).toEqual(['record prod/mlflow/churn', 'mark quarantined', 'mark alias']);
    expect(said).toEqual([
      'Version 2 of churn is quarantined in its record.',
      'Version 2 of churn is quarantined.',
      'Alias production of churn is moved to version 1 from 2.',
    ]);
    expect(record.written).toEqual([
      { what: 'quarantine', version: '2', atMs: expect.any(Number) },
      { what: 'alias', version: '1', atMs: expect.any(Number) },
    ]);
    expect(learn(record, { kind: 'aliasMoved', version: '1', atMs: Date.now() }).promotedMs).toBeNull();
  });

  it('is told to the record alone where no registry tells of the model or of the version', async () => {
    for (const change of [{ registry: null }, { to: { version: null, address: GOOD_URI } }]) {
      const { steps, record } = await confirm(change);
      expect(steps).toEqual(['record prod/mlflow/churn']);
      expect(record).toMatchObject({ written: [], quarantined: [{ address: BAD_URI, version: '2', by: confirmation.incident }] });
    }
  });

  it('stands in the record once, however often it is confirmed (safety 1)', async () => {
    const { record } = await confirm({}, 3);
    expect(record.quarantined).toHaveLength(1);
    expect(record.written).toHaveLength(2);
  });

  it('changes nothing where its registry is not configured any more', async () => {
    await expect(confirm({ registry: 'gone' })).rejects.toThrow('No registry "gone" is configured; there is mlflow.');
  });
});
