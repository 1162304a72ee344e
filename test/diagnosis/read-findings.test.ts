import { describe, expect, it } from '@jest/globals';
import { readFindings } from '../../diagnosis/quality/read-findings.ts';
import type { Alert } from '../../incident/alert.ts';
import { findingText, type QualityKind } from '../../incident/quality.ts';

function alert(name: string, labels: Record<string, string> = {}, change: Partial<Alert> = {}): Alert {
  return { name, status: 'firing', fingerprint: 'a1', labels: { alertname: name, ...labels }, annotations: {}, ...change };
}

describe('readFindings()', () => {
  it.each<[QualityKind, Alert]>([
    ['inputDrift', alert('DataDriftDetected')],
    ['inputDrift', alert('EvidentlyAlert', { metric_name: 'ColumnDriftMetric', column_name: 'age' })],
    ['inputDrift', alert('FeaturePsiHigh')],
    ['inputDrift', alert('SeldonAlibi', { detector: 'MMDDrift' })],
    ['predictionDrift', alert('ModelPredictionDrift')],
    ['predictionDrift', alert('DriftDetected', { drift_type: 'prediction' })],
    ['predictionDrift', alert('EvidentlyAlert', { metric: 'TargetDrift' })],
    ['accuracyDrop', alert('ModelAccuracyDegraded')],
    ['accuracyDrop', alert('ModelAlert', { metric: 'f1_score' })],
    ['accuracyDrop', alert('ModelPerformanceDegraded')],
    ['nulls', alert('DataQualityViolation', { expectation_type: 'expect_column_values_to_not_be_null' })],
    ['nulls', alert('DataQualityViolation', { metric: 'DatasetMissingValuesMetric' })],
    ['schema', alert('DataQualityViolation', { expectation_type: 'expect_column_to_exist' })],
    ['schema', alert('DataQualityViolation', { expectation_type: 'expect_column_values_to_be_of_type' })],
    ['schema', alert('DataQualityViolation', { expectation_type: 'expect_table_columns_to_match_set' })],
    ['schema', alert('SchemaChanged')],
    ['volume', alert('DataQualityViolation', { expectation_type: 'expect_table_row_count_to_be_between' })],
    ['volume', alert('TooFewRecords')],
    ['freshness', alert('FeatureTableStale')],
    ['freshness', alert('DataQualityViolation', {}, { annotations: { summary: 'The table applicants is late by 3 h.' } })],
  ])('knows %s by what %j says', (kind, one) => {
    expect(readFindings([one])).toMatchObject({ findings: [{ kind }], unread: [] });
  });

  it('believes a label that says the kind outright more than any words, and labels more than the name', () => {
    expect(readFindings([alert('DataDriftDetected', { quality_kind: 'volume' })]).findings[0]?.kind).toBe('volume');
    expect(readFindings([alert('DataDriftDetected', { check: 'null share' })]).findings[0]?.kind).toBe('nulls');
    expect(readFindings([alert('DataDriftDetected', { quality_kind: 'nonsense' })]).findings[0]?.kind).toBe('inputDrift');
  });

  it('names alerts that do not say what they measure, each once, and makes no finding of them', () => {
    expect(readFindings([alert('DataQualityViolation'), alert('DataQualityViolation'), alert('X')])).toEqual({
      findings: [],
      unread: ['DataQualityViolation', 'X'],
    });
  });

  it('reads what is measured, of what, and since when', () => {
    const drift = alert(
      'DataDriftDetected',
      { dataset: 'applicants', feature: 'age', model: 'churn' },
      { annotations: { value: '0.42' }, startsAt: '2026-03-01T10:00:00Z', series: { query: 'drift_score', threshold: '> 0.3' } },
    );
    const [finding] = readFindings([drift]).findings;
    expect(finding).toEqual({
      ...{ kind: 'inputDrift', dataset: 'applicants', feature: 'age', model: 'churn', value: '0.42', threshold: '> 0.3' },
      ...{ sinceMs: Date.parse('2026-03-01T10:00:00Z'), alert: 'DataDriftDetected' },
    });
    expect(findingText(finding!)).toBe(
      'drift of inputs in feature age of dataset applicants of model churn at 0.42, measured against > 0.3, since 2026-03-01T10:00:00.000Z (alert DataDriftDetected)',
    );
  });

  it('takes no time for a time where Alertmanager knows none', () => {
    expect(readFindings([alert('DataDriftDetected', {}, { startsAt: '0001-01-01T00:00:00Z' })]).findings[0]?.sinceMs).toBeNull();
    expect(readFindings([alert('DataDriftDetected')]).findings[0]?.sinceMs).toBeNull();
  });

  it('tells first what leads to the others, and of one kind what is oldest', () => {
    const at = (startsAt: string) => ({ startsAt });
    const read = readFindings([
      alert('ModelAccuracyDegraded'),
      alert('DataDriftDetected', { feature: 'b' }, at('2026-03-02T00:00:00Z')),
      alert('DataDriftDetected', { feature: 'a' }, at('2026-03-01T00:00:00Z')),
      alert('SchemaChanged'),
    ]);
    expect(read.findings.map(({ kind, feature }) => [kind, feature])).toEqual([
      ['schema', null],
      ['inputDrift', 'a'],
      ['inputDrift', 'b'],
      ['accuracyDrop', null],
    ]);
  });
});
