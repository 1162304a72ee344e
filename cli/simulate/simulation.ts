import { type Subject as Named, subjectOf } from '../../gateway/resolve-target.ts';
import type { Alert } from '../../incident/alert.ts';
import type { FailureType } from '../../incident/failure-type.ts';
import type { RemedyName } from '../../incident/remedy.ts';
import type { TargetKind } from '../../incident/target.ts';
import { matchRunbook } from '../../runbooks/match.ts';
import type { Runbook } from '../../runbooks/schema.ts';

/** What would be done about one alert. */
export interface Simulation {
  readonly alert: string;
  readonly failureType: FailureType | null;
  readonly runbook: string | null;
  /** What the labels name, as `namespace/Kind/name`; the incident is its topmost owner's. */
  readonly target: string | null;
  readonly mode: Runbook['mode'] | null;
  readonly remedies: readonly RemedyName[];
  readonly reason: string;
}

type Subject = Named | null;

/** Says what would be done about an alert, as far as it can be told without asking a cluster. */
export function simulate(alert: Alert, runbooks: readonly Runbook[]): Simulation {
  const subject = subjectOf(alert);
  const runbook = matchRunbook(alert, runbooks, likelyKind(subject)) ?? (!subject || isLed(subject) ? matchRunbook(alert, runbooks) : null);
  return {
    alert: alert.name,
    failureType: runbook?.failureType ?? null,
    runbook: runbook?.name ?? null,
    target: subject && [subject.namespace, subject.kind, subject.name].filter((part) => part !== null).join('/'),
    mode: runbook?.mode ?? null,
    remedies: runbook?.remedies ?? [],
    reason: reasonFor(alert, runbook, subject),
  };
}

/** Only the cluster can tell which target it leads to. */
function isLed({ kind }: NonNullable<Subject>): boolean {
  return kind === 'Pod' || kind === 'HorizontalPodAutoscaler';
}

/** Who owns a pod only the cluster can tell. KServe names its pods so; any other is taken to be a Deployment's. */
function likelyKind(subject: Subject): TargetKind {
  if (subject && subject.kind !== 'Pod' && subject.kind !== 'HorizontalPodAutoscaler') return subject.kind;
  // An autoscaler that KServe makes is called like the Deployment.
  return /-predictor(-|$)/.test(subject?.name ?? '') ? 'InferenceService' : 'Deployment';
}

function reasonFor(alert: Alert, runbook: Runbook | null, subject: Subject): string {
  if (!runbook) return `no runbook matches the alert "${alert.name}"${subject ? ` for a ${subject.kind}` : ''}`;
  const matches = `runbook ${runbook.name} matches`;
  if (alert.status === 'resolved') return `${matches}, but the alert is over: an open incident would be told so, and none would start`;
  if (!subject) return `${matches}, but the labels name no resource in a namespace, so nothing would be done`;
  const steps = runbook.remedies.join(', then ');
  const owner = isLed(subject) ? ` if a ${likelyKind(subject)} ${subject.kind === 'Pod' ? 'owns the pod' : 'is what it scales'}` : '';
  if (steps === '') return `${matches}${owner}; it has no remedy, so it would diagnose and hand over to a person`;
  switch (runbook.mode) {
    case 'auto':
      return `${matches}${owner}; after a diagnosis it would try, as the cause allows, ${steps}`;
    case 'approve':
      return `${matches}${owner}; after a diagnosis it would ask a person whether it may try, as the cause allows, ${steps}`;
    case 'observe':
      return `${matches}${owner}; in observe mode it would diagnose and say which of ${steps} it would try, changing nothing`;
    default:
      return runbook.mode satisfies never;
  }
}
