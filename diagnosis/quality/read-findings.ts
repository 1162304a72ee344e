import type { Alert } from '../../incident/alert.ts';
import { QUALITY_KINDS, type QualityFinding, type QualityKind } from '../../incident/quality.ts';

const TEXT_CHARACTERS_MAX = 200;

/** Labels and annotations by which rules over Evidently, whylogs, Great Expectations, Alibi Detect and others say what they measure. */
const MEASURES = [
  'quality_kind',
  'check',
  'check_type',
  'drift_type',
  'expectation_type',
  'expectation',
  'test',
  'monitor',
  'metric_name',
  'metric',
  'detector',
];
const DATASETS = ['dataset', 'dataset_name', 'data_asset', 'data_asset_name', 'table', 'data_source'];
const FEATURES = ['feature', 'feature_name', 'column', 'column_name'];
const MODELS = ['model', 'model_name', 'registered_model'];
const VALUES = ['value', 'current_value', 'observed_value', 'score'];
const THRESHOLDS = ['threshold', 'expected_value', 'limit'];

/** The words by which each kind is known; the first that fits is it, so that the narrower ones come first. */
const WORDS: readonly (readonly [QualityKind, RegExp])[] = [
  [
    'schema',
    /\bschema|\bdtype|data type|of type\b|to exist\b|(missing|unexpected|new|extra|removed) columns?\b|columns? (missing|count|set|to match)/,
  ],
  ['freshness', /\bfresh|\bstale|\blate\b|\blateness|data age|\boverdue|not updated|last update/],
  ['volume', /\bvolume|rows? count|number of rows|record count|(missing|too few|too many) (rows|records)|batch size/],
  ['nulls', /\bnulls?\b|missing (values?|share|ratio)|\bnan\b|completeness/],
  ['predictionDrift', /(prediction|output|target|label|concept)s? drift|drift (type )?(of )?(prediction|output|target|label|concept)/],
  ['inputDrift', /\bdrift|\bpsi\b|jensen|wasserstein|kolmogorov|\bmmd\b|hellinger|out of distribution|outlier/],
  ['accuracyDrop', /accuracy|\bauc\b|\bf1\b|\bprecision\b|\brecall\b|\brmse\b|\bmae\b|\bmse\b|log ?loss|model (performance|quality)/],
];

/** What the alerts of an incident say, what leads to the others first; and the names of those that do not say what they measure. */
export function readFindings(alerts: readonly Alert[]): {
  readonly findings: readonly QualityFinding[];
  readonly unread: readonly string[];
} {
  const read = alerts.map((alert) => ({ name: alert.name, finding: findingOf(alert) }));
  const findings = read.flatMap(({ finding }) => finding ?? []);
  return {
    findings: findings.sort((a, b) => rank(a) - rank(b) || (a.sinceMs ?? Infinity) - (b.sinceMs ?? Infinity)),
    unread: [...new Set(read.filter(({ finding }) => finding === null).map(({ name }) => name))],
  };
}

function rank({ kind }: QualityFinding): number {
  return QUALITY_KINDS.indexOf(kind);
}

function findingOf(alert: Alert): QualityFinding | null {
  const said = { ...alert.annotations, ...alert.labels };
  const named = (names: readonly string[]) => {
    const found = names.map((name) => said[name]?.trim()).find((text) => text);
    return found === undefined ? null : found.slice(0, TEXT_CHARACTERS_MAX);
  };
  const kind = kindOf(alert, said);
  if (kind === null) return null;
  const sinceMs = Date.parse(alert.startsAt ?? '');
  return {
    kind,
    dataset: named(DATASETS),
    feature: named(FEATURES),
    model: named(MODELS),
    value: named(VALUES),
    threshold: named(THRESHOLDS) ?? alert.series?.threshold ?? null,
    // Alertmanager writes the year 1 where it knows no time.
    sinceMs: sinceMs > 0 ? sinceMs : null,
    alert: alert.name,
  };
}

/** What a label says outright counts more than the alert's name, and that more than prose. */
function kindOf({ name, annotations }: Alert, said: Readonly<Record<string, string>>): QualityKind | null {
  const outright = QUALITY_KINDS.find((kind) => kind === said.quality_kind);
  if (outright) return outright;
  const texts = [
    ...MEASURES.flatMap((label) => (said[label] ? [`${label} ${said[label]}`, said[label]] : [])),
    name,
    ...[annotations.summary, annotations.description, annotations.message],
  ];
  for (const text of texts) {
    const words = wordsOf(text ?? '');
    const found = WORDS.find(([, pattern]) => pattern.test(words));
    if (found) return found[0];
  }
  return null;
}

/** `expect_column_values_to_not_be_null` and `DatasetMissingValuesMetric` as words. */
function wordsOf(text: string): string {
  return text
    .replace(/([a-z0-9])([A-Z])|([A-Z])(?=[A-Z][a-z])/g, (_all, low = '', up = '', last = '') => `${low}${last} ${up}`)
    .replace(/[^A-Za-z0-9]+/g, ' ')
    .toLowerCase();
}
