import type { CauseKind } from '../../incident/cause.ts';
import { findingText, type QualityEvidence, type QualityFinding, type QualityKind } from '../../incident/quality.ts';
import type { Finding } from '../rule.ts';

/** A rule about what is known of a complaint about data or predictions. */
type QualityRule = (evidence: QualityEvidence) => Finding | null;

/** What a version brought shows at the next evaluation, which are mostly daily. */
const SHOWS_WITHIN_MS = 25 * 3_600_000;
/** Clocks and scrapes are not exact. */
const SLACK_MS = 5 * 60_000;
/** A run upstream feeds what is seen within two days. */
const FEEDS_WITHIN_MS = 48 * 3_600_000;

/** What a failed run upstream explains: data that is missing, late or changed, and what follows from it. */
const FED: readonly QualityKind[] = ['freshness', 'volume', 'nulls', 'schema'];

const upstreamFailed: QualityRule = ({ findings, upstream }) => {
  const fed = findings.find(({ kind }) => FED.includes(kind));
  if (!fed || upstream.kind !== 'read') return null;
  const earlier = upstream.value.filter(({ atMs }) => isBefore(atMs, fed.sinceMs, FEEDS_WITHIN_MS));
  const [first] = earlier;
  if (!first) return null;
  const more = earlier.length > 1 ? ` So did ${earlier.length - 1} more.` : '';
  return {
    cause: 'upstream-failed',
    confidence: 'likely',
    reason: `${first.what} ${first.fault}, and then there was ${findingText(fed)}.${more}`,
  };
};

/** The version began to serve, and soon after its predictions were worse: the version, unless its inputs changed too. */
const newVersionWorse: QualityRule = ({ findings, history, serving }) => {
  const worse = findings.find(({ kind }) => kind === 'accuracyDrop' || kind === 'predictionDrift');
  if (!worse || history.kind !== 'read' || history.value === null) return null;
  const { sinceMs, storageUri, before } = history.value;
  if (before === null || storageUri === null || before === storageUri || sinceMs === null) return null;
  if (!isBefore(sinceMs, worse.sinceMs, SHOWS_WITHIN_MS)) return null;
  const version = serving === null ? storageUri : `version ${serving}`;
  const inputsToo = findings.some(({ kind }) => kind !== 'accuracyDrop' && kind !== 'predictionDrift');
  return {
    cause: 'new-version-worse',
    confidence: inputsToo ? 'possible' : 'likely',
    reason: `${version} serves since ${new Date(sinceMs).toISOString()}, and then there was ${findingText(worse)}.`,
  };
};

const saidBy =
  (kind: QualityKind, cause: CauseKind): QualityRule =>
  ({ findings }) => {
    const all = findings.filter((finding) => finding.kind === kind);
    const [first] = all;
    if (!first) return null;
    const more = all.length > 1 ? ` ${all.length - 1} more of its kind.` : '';
    return { cause, confidence: 'certain', reason: `A monitor sees ${findingText(first)}.${more}` };
  };

/**
 * In the order in which they are asked: what explains several things first, then what comes earlier on the way from the data to the
 * predictions, since it leads to what comes later.
 */
export const qualityRules: Readonly<Record<string, QualityRule>> = {
  upstreamFailed,
  schemaChanged: saidBy('schema', 'schema-changed'),
  dataLate: saidBy('freshness', 'data-late'),
  dataVolume: saidBy('volume', 'data-volume'),
  nullShare: saidBy('nulls', 'null-share'),
  newVersionWorse,
  inputDrift: saidBy('inputDrift', 'input-drift'),
  predictionDrift: saidBy('predictionDrift', 'prediction-drift'),
  accuracyDropped: saidBy('accuracyDrop', 'accuracy-dropped'),
};

/** Of what has no time nothing is said. */
function isBefore(earlierMs: number | null, laterMs: QualityFinding['sinceMs'], withinMs: number): boolean {
  if (earlierMs === null || laterMs === null) return false;
  return earlierMs <= laterMs + SLACK_MS && laterMs - earlierMs <= withinMs;
}
