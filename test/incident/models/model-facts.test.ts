import { describe, expect, it } from '@jest/globals';
import { emptyRecord, modelOfWorkflowId, modelRecordWorkflowId } from '../../../incident/models/kept-record.ts';
import { isOwnDoing, learn, type ModelFact, withoutQuarantine } from '../../../incident/models/model-facts.ts';

const MINUTE_MS = 60_000;
const address = (version: string) => `s3://models/churn/${version}`;
const quarantined = (version: string, by = 'an incident'): ModelFact => ({
  kind: 'quarantined',
  quarantine: { address: address(version), version, by, reason: 'it does not load', atMs: 5 },
});
const written = (version: string, atMs: number): ModelFact => ({ kind: 'written', written: { what: 'alias', version, atMs } });
const moved = (version: string, atMs: number): ModelFact => ({ kind: 'aliasMoved', version, atMs });
const learned = (...facts: readonly ModelFact[]) => facts.reduce(learn, emptyRecord('churn', null));

describe('what is learned of a model', () => {
  it('counts an alias moved by somebody as a promotion, and the latest of them', () => {
    expect(learned(moved('3', 7)).promotedMs).toBe(7);
    expect(learned(moved('3', 7), moved('4', 5)).promotedMs).toBe(7);
  });

  it('takes an alias that Paramedic itself has just moved for its own doing, and no longer after ten minutes', () => {
    expect(learned(written('3', 0), moved('3', 10 * MINUTE_MS)).promotedMs).toBeNull();
    expect(learned(written('3', 0), moved('3', 10 * MINUTE_MS + 1)).promotedMs).toBe(10 * MINUTE_MS + 1);
    expect(learned(written('3', 0), moved('4', MINUTE_MS)).promotedMs).toBe(MINUTE_MS);
  });

  it('knows what was written of what: a quarantine is no alias', () => {
    const record = learned(written('3', 0));
    expect(isOwnDoing(record, { what: 'quarantine', version: '3' }, 1)).toBe(false);
    expect(isOwnDoing(record, { what: 'alias', version: '3' }, 1)).toBe(true);
  });

  it('keeps a quarantine once, as it was told last', () => {
    expect(learned(quarantined('2'), quarantined('2', 'anna')).quarantined).toEqual([
      expect.objectContaining({ version: '2', by: 'anna' }),
    ]);
  });

  it('is taken out of quarantine by number or by address', () => {
    const record = learned(quarantined('2'), quarantined('3'));
    expect(withoutQuarantine(record, '2').quarantined).toHaveLength(1);
    expect(withoutQuarantine(record, address('3')).quarantined).toHaveLength(1);
    expect(withoutQuarantine(record, '4').quarantined).toHaveLength(2);
  });

  it('keeps few quarantines, and with one that is forgotten forgets that its version was ever seen well (safety 12)', () => {
    const well: ModelFact = {
      kind: 'healthy',
      seen: { server: 'a', address: address('0'), version: '0', settings: {}, fromMs: 0, untilMs: 9_999_999 },
    };
    const more = Array.from({ length: 20 }, (_, n) => quarantined(`${n + 1}`));
    expect(learned(well, quarantined('0'), ...more.slice(1)).seen).toHaveLength(1);
    const record = learned(well, quarantined('0'), ...more);
    expect(record.quarantined).toHaveLength(20);
    expect(record.seen).toEqual([]);
  });
});

describe('the workflow id of a record', () => {
  it.each([
    ['mlflow', 'churn', 'model/prod/mlflow/churn'],
    [null, 'ml/churn', 'model/prod/-/ml%2Fchurn'],
    ['wandb', "fraud'; DROP", "model/prod/wandb/fraud'%3B%20DROP"],
  ])('is made of registry %p and model %p, and tells them again', (registry, model, id) => {
    expect(modelRecordWorkflowId('prod', registry, model)).toBe(id);
    expect(modelOfWorkflowId(id)).toEqual({ cluster: 'prod', registry, model });
  });

  it('is told from other ids', () => {
    for (const id of ['outage/prod/ml/Deployment/ranker', 'model/prod/mlflow', 'model/prod/mlflow/%'])
      expect(modelOfWorkflowId(id)).toBeNull();
  });
});
