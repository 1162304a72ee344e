import type { Alert } from '../../incident/alert.ts';
import { type AlertName, readAlertName } from './alert-name.ts';

/** Labels in which alerts carry the reasons that Kubernetes gives for a container, a pod or an event. */
export const REASON_LABELS = [
  'reason',
  'waiting_reason',
  'container_waiting_reason',
  'terminated_reason',
  'last_terminated_reason',
  'container_terminated_reason',
  'container_last_terminated_reason',
  'event_reason',
  'exported_reason',
] as const;

const METRICS_MAX = 200;

/** An alert, made ready for many conditions. */
export interface LookedAt {
  readonly name: string;
  readonly read: AlertName;
  /** Undefined where it is not there, or says nothing. */
  readonly label: (name: string) => string | undefined;
  readonly reasons: readonly string[];
  /** Names in the rule's expression, at most 200. */
  readonly metrics: readonly string[];
}

export function lookAt({ name, labels, expression }: Alert): LookedAt {
  // A label may be called as any property of an object is.
  const label = (one: string) => (Object.hasOwn(labels, one) ? labels[one] || undefined : undefined);
  return {
    name,
    read: readAlertName(name),
    label,
    reasons: REASON_LABELS.map(label).filter((reason) => reason !== undefined),
    metrics: (expression?.match(/[a-zA-Z_:][a-zA-Z0-9_:]*/g) ?? []).slice(0, METRICS_MAX),
  };
}
