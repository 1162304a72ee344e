import type { RegistryEvidence } from './evidence.ts';
import type { Reading } from './reading.ts';

/** What monitors of data and models complain about, in the order in which one leads to the next. */
export const QUALITY_KINDS = ['schema', 'freshness', 'volume', 'nulls', 'inputDrift', 'predictionDrift', 'accuracyDrop'] as const;

export type QualityKind = (typeof QUALITY_KINDS)[number];

/** What one alert of a monitor says, whichever monitor it is. */
export interface QualityFinding {
  readonly kind: QualityKind;
  /** Null where the alert does not say. */
  readonly dataset: string | null;
  readonly feature: string | null;
  readonly model: string | null;
  /** As the monitor writes it, such as `0.42` or `12%`; null where it does not say. */
  readonly value: string | null;
  /** What it is measured against; null where the alert does not say. */
  readonly threshold: string | null;
  /** Epoch milliseconds, when the monitor first saw it; null where the alert does not say. */
  readonly sinceMs: number | null;
  /** Name of the alert. */
  readonly alert: string;
}

/** What the newest release of a model server brought. */
export interface ServingHistory {
  /** Epoch milliseconds, when it began to serve; null where that cannot be told. */
  readonly sinceMs: number | null;
  /** Where its model is loaded from; null where its pods do not say. */
  readonly storageUri: string | null;
  /** The same of the release before; null where there was none. */
  readonly before: string | null;
}

/** A Job or CronJob beside the target that did not do what it is there for. */
export interface UpstreamFault {
  /** Such as `CronJob/features`. */
  readonly what: string;
  /** What is wrong with it, as the end of a sentence, such as `failed (BackoffLimitExceeded)`. */
  readonly fault: string;
  /** Epoch milliseconds; null where it cannot be told. */
  readonly atMs: number | null;
}

/** The CronJob that trains the target's model. */
export interface TrainingJob {
  readonly name: string;
  readonly uid: string;
  /** A run of it is under way. */
  readonly isRunning: boolean;
}

/** Values of a series over the last day, as its monitor wrote them. */
export interface Trend {
  readonly query: string;
  readonly first: number;
  readonly last: number;
  readonly lowest: number;
  readonly highest: number;
}

/** What stands around a model server whose data or predictions are complained about. */
export interface QualityContext {
  readonly history: Reading<ServingHistory | null>;
  readonly upstream: Reading<readonly UpstreamFault[]>;
  /** Null where the runbook names none. */
  readonly training: Reading<TrainingJob> | null;
  /** Null where no alert names a series, or no Prometheus is configured. */
  readonly trend: Reading<Trend | null> | null;
}

/** All that is known of a complaint about data or predictions. */
export interface QualityEvidence extends QualityContext {
  readonly findings: readonly QualityFinding[];
  /** Names of alerts that do not say what they measure. */
  readonly unread: readonly string[];
  readonly registry: RegistryEvidence;
  /** The version that serves, read from the server; null where it cannot be told. */
  readonly serving: string | null;
}

const NAMES: Readonly<Record<QualityKind, string>> = {
  schema: 'another schema',
  freshness: 'late data',
  volume: 'an unusual amount of data',
  nulls: 'too many missing values',
  inputDrift: 'drift of inputs',
  predictionDrift: 'drift of predictions',
  accuracyDrop: 'a drop of accuracy',
};

/** The finding as people read it, without a full stop. */
export function findingText({ kind, dataset, feature, model, value, threshold, sinceMs, alert }: QualityFinding): string {
  const subject = [
    feature === null ? '' : ` in feature ${feature}`,
    dataset === null ? '' : ` of dataset ${dataset}`,
    model === null ? '' : ` of model ${model}`,
  ].join('');
  const measured = [value === null ? '' : ` at ${value}`, threshold === null ? '' : `, measured against ${threshold}`].join('');
  const since = sinceMs === null ? '' : `, since ${new Date(sinceMs).toISOString()}`;
  return `${NAMES[kind]}${subject}${measured}${since} (alert ${alert})`;
}
