import type { QualityContext, QualityEvidence, QualityFinding, UpstreamFault } from '../incident/quality.ts';
import { BAD_URI, GOOD_URI, registeredModel } from './evidence.ts';

/** When the complaints of the tests begin. */
export const BEGAN_MS = Date.parse('2026-03-01T10:00:00Z');
const HOUR_MS = 3_600_000;

export function finding(change: Partial<QualityFinding> = {}): QualityFinding {
  return {
    ...{ kind: 'inputDrift', dataset: null, feature: 'age', model: null, value: '0.42', threshold: '> 0.3' },
    ...{ sinceMs: BEGAN_MS, alert: 'DataDriftDetected' },
    ...change,
  };
}

/** Nothing around the server explains anything; changed as the test wants. */
export function quietQuality(change: Partial<QualityContext> = {}): QualityContext {
  return {
    history: { kind: 'read', value: { sinceMs: BEGAN_MS - 200 * HOUR_MS, storageUri: BAD_URI, before: GOOD_URI } },
    upstream: { kind: 'read', value: [] },
    training: null,
    trend: null,
    ...change,
  };
}

/** One feature drifts; version 2 of "churn" serves for long; changed as the test wants. */
export function qualityEvidence(change: Partial<QualityEvidence> = {}): QualityEvidence {
  return {
    ...quietQuality(),
    ...{ findings: [finding()], unread: [], registry: { kind: 'read', model: registeredModel() }, serving: '2' },
    ...change,
  };
}

/** The version that serves began so many hours before the complaint. */
export function begunBefore(hours: number): Pick<QualityContext, 'history'> {
  return { history: { kind: 'read', value: { sinceMs: BEGAN_MS - hours * HOUR_MS, storageUri: BAD_URI, before: GOOD_URI } } };
}

export function failedUpstream(hoursBefore: number): UpstreamFault {
  return { what: 'CronJob/features', fault: 'failed (BackoffLimitExceeded)', atMs: BEGAN_MS - hoursBefore * HOUR_MS };
}
