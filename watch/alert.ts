import type { Alert } from '../incident/alert.ts';
import type { ToSay } from './ledger.ts';

/** What a condition is told as, the same as a rule of kubernetes-mixin's would. */
export function alertOf({ status, fingerprint, symptom, beganMs }: ToSay): Alert {
  const { condition, labels, beside, says } = symptom;
  return {
    name: condition,
    status,
    fingerprint,
    labels: { ...beside, ...labels, alertname: condition, severity: 'warning' },
    annotations: { summary: says },
    startsAt: new Date(beganMs).toISOString(),
  };
}

/** That an alert is over of which no more is known than that an open incident was told of it. */
export function alertOver(fingerprint: string): Alert {
  return { name: '', status: 'resolved', fingerprint, labels: {}, annotations: {} };
}
