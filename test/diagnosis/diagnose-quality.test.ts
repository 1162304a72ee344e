import { describe, expect, it } from '@jest/globals';
import { briefingOf } from '../../diagnosis/quality/briefing.ts';
import { diagnoseQuality } from '../../diagnosis/quality/diagnose-quality.ts';
import { qualityRules } from '../../diagnosis/quality/rules.ts';
import type { CauseKind } from '../../incident/cause.ts';
import { nextStep } from '../../incident/next-step.ts';
import type { QualityEvidence, QualityKind } from '../../incident/quality.ts';
import { BAD_URI, GOOD_URI } from '../evidence.ts';
import { BEGAN_MS, begunBefore, failedUpstream, finding, qualityEvidence } from '../quality-evidence.ts';

const complaint = (...kinds: QualityKind[]) => ({ findings: kinds.map((kind) => finding({ kind })) });
const upstream = (...hours: number[]) => ({ upstream: { kind: 'read' as const, value: hours.map(failedUpstream) } });

/** One complaint for each rule that it alone explains first. */
const cases: readonly (readonly [rule: string, CauseKind, Partial<QualityEvidence>])[] = [
  ['upstreamFailed', 'upstream-failed', { ...complaint('freshness'), ...upstream(1) }],
  ['schemaChanged', 'schema-changed', complaint('schema', 'inputDrift')],
  ['dataLate', 'data-late', complaint('freshness', 'volume')],
  ['dataVolume', 'data-volume', complaint('volume', 'nulls')],
  ['nullShare', 'null-share', complaint('nulls', 'inputDrift')],
  ['newVersionWorse', 'new-version-worse', { ...complaint('inputDrift', 'accuracyDrop'), ...begunBefore(2) }],
  ['inputDrift', 'input-drift', complaint('inputDrift', 'accuracyDrop')],
  ['predictionDrift', 'prediction-drift', complaint('predictionDrift', 'accuracyDrop')],
  ['accuracyDropped', 'accuracy-dropped', complaint('accuracyDrop')],
];

describe('the cause of a complaint about data or predictions', () => {
  it.each(cases)('is told by the rule %s: %s', (rule, cause, change) => {
    const diagnosis = diagnoseQuality(qualityEvidence(change));
    expect(diagnosis).toMatchObject({ rule, cause });
    expect(nextStep(diagnosis)).not.toContain('previous logs');
    const without = Object.fromEntries(Object.entries(qualityRules).filter(([name]) => name !== rule));
    expect(diagnoseQuality(qualityEvidence(change), without).cause).not.toBe(cause);
  });

  it('has a case for every rule', () => {
    expect(cases.map(([rule]) => rule)).toEqual(Object.keys(qualityRules));
  });

  it('is the new version where predictions got worse within a day of it, and likely where nothing else changed', () => {
    const worse = (change: Partial<QualityEvidence>) => diagnoseQuality(qualityEvidence({ ...complaint('accuracyDrop'), ...change }));
    expect(worse(begunBefore(24))).toMatchObject({ cause: 'new-version-worse', confidence: 'likely' });
    expect(worse(begunBefore(0)).cause).toBe('new-version-worse');
    expect(worse(begunBefore(26)).cause).toBe('accuracy-dropped');
    expect(worse(begunBefore(-1)).cause).toBe('accuracy-dropped');
    expect(worse({ history: { kind: 'unreadable', what: 'it', reason: 'no' } }).cause).toBe('accuracy-dropped');
    const released = (before: string | null) => ({
      history: { kind: 'read' as const, value: { sinceMs: BEGAN_MS, storageUri: BAD_URI, before } },
    });
    expect(worse(released(GOOD_URI)).cause).toBe('new-version-worse');
    expect(worse(released(BAD_URI)).cause).toBe('accuracy-dropped');
    expect(worse(released(null)).cause).toBe('accuracy-dropped');
    expect(worse({ ...begunBefore(1), findings: [finding({ kind: 'accuracyDrop', sinceMs: null })] }).cause).toBe('accuracy-dropped');
  });

  it('is no run upstream that failed later, long before, or at no known time, or feeds nothing that is complained about', () => {
    const late = (change: Partial<QualityEvidence>) => diagnoseQuality(qualityEvidence({ ...complaint('freshness'), ...change })).cause;
    expect(late(upstream(48))).toBe('upstream-failed');
    expect(late(upstream(49))).toBe('data-late');
    expect(late(upstream(-1))).toBe('data-late');
    expect(late({ upstream: { kind: 'read', value: [{ ...failedUpstream(1), atMs: null }] } })).toBe('data-late');
    expect(late({ upstream: { kind: 'unreadable', what: 'the jobs', reason: 'no' } })).toBe('data-late');
    expect(diagnoseQuality(qualityEvidence({ ...complaint('accuracyDrop'), ...upstream(1) })).cause).toBe('accuracy-dropped');
  });

  it('is unknown where no alert says what it measures, and the reason says how it could', () => {
    expect(diagnoseQuality(qualityEvidence({ findings: [], unread: ['DataQualityViolation'] }))).toMatchObject({
      cause: 'unknown',
      reasons: ['No alert says what it measures (DataQualityViolation); give its rule a label quality_kind.'],
    });
  });

  it('comes with what else could explain it', () => {
    const { others } = diagnoseQuality(qualityEvidence({ ...complaint('schema', 'inputDrift', 'accuracyDrop'), ...begunBefore(2) }));
    expect(others.map(({ cause }) => cause)).toEqual(['new-version-worse', 'input-drift', 'accuracy-dropped']);
  });
});

describe('what a person is told to decide on', () => {
  it('is what was seen, since when, what changed, and which versions there are', () => {
    const trend = { query: 'drift', first: 0.1, last: 0.42, lowest: 0.1, highest: 0.500001 };
    expect(
      briefingOf(qualityEvidence({ ...begunBefore(2), ...upstream(1), unread: ['X'], trend: { kind: 'read', value: trend } })),
    ).toEqual([
      'Seen: drift of inputs in feature age at 0.42, measured against > 0.3, since 2026-03-01T10:00:00.000Z (alert DataDriftDetected).',
      'Alerts that do not say what they measure: X.',
      'Over the last day drift went from 0.1 to 0.42, between 0.1 and 0.5.',
      `Version 2 serves, since 2026-03-01T08:00:00.000Z; before it was ${GOOD_URI}.`,
      'Upstream: CronJob/features failed (BackoffLimitExceeded) at 2026-03-01T09:00:00.000Z.',
      'Versions of churn: 2 (serving, production, validated); 1 (last-known-good, validated).',
    ]);
  });

  it('says of what could not be read that it could not', () => {
    const unread = (what: string) => ({ kind: 'unreadable' as const, what, reason: `${what} is away.` });
    expect(
      briefingOf(
        qualityEvidence({
          ...{ findings: [], history: unread('it'), upstream: unread('the API server'), trend: unread('Prometheus') },
          registry: { kind: 'absent', reason: 'No model registry is configured.' },
        }),
      ),
    ).toEqual([
      'The series could not be read: Prometheus is away.',
      'Since when its version serves could not be read: it is away.',
      'Jobs of its namespace could not be read: the API server is away.',
      'Its model cannot be told from the registry: No model registry is configured.',
    ]);
  });
});
