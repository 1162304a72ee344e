import type { Alert } from '../incident/alert.ts';
import { matchByKind, type RunbooksByKind } from '../runbooks/match.ts';
import { readAlertName } from '../runbooks/matching/alert-name.ts';
import { leftAlone } from '../runbooks/matching/left-alone.ts';
import type { Runbook } from '../runbooks/schema.ts';
import type { Ignored } from './intake.ts';
import { readSubject, type Subject } from './resolve-target.ts';

/** What an alert says of where it belongs, before anybody is asked. */
export interface About {
  readonly subject: Subject;
  /** By the kind that its target turns out to be of. */
  readonly runbooks: RunbooksByKind;
}

/** An alert, and what it is about, or why it is nobody's. */
export interface ReadAlert {
  readonly alert: Alert;
  readonly about: About | Ignored;
}

/** Reads one alert after the other by the same runbooks. */
export function alertReader(runbooks: readonly Runbook[]): (alert: Alert) => ReadAlert {
  const byKind = matchByKind(runbooks);
  return (alert) => ({ alert, about: aboutOf(alert, byKind(alert)) });
}

function aboutOf(alert: Alert, runbooks: RunbooksByKind): About | Ignored {
  if (runbooks.size === 0) return { kind: 'ignored', why: 'noRunbook', reason: whyNoRunbook(alert.name) };
  const subject = readSubject(alert);
  return 'unknown' in subject ? { kind: 'ignored', why: 'unknownTarget', reason: subject.unknown } : { subject, runbooks };
}

function whyNoRunbook(name: string): string {
  const alone = leftAlone(name, readAlertName(name));
  return `No runbook matches the alert "${name}"${alone ? `: ${alone.why}` : ''}.`;
}

/** What can be told of an alert without asking anybody; null: somebody must be. */
export function plainFate({ alert: { status, fingerprint }, about }: ReadAlert): Ignored | null {
  // What is over is found by its fingerprint, also where no runbook knows it any more.
  if (status === 'resolved') return fingerprint === '' ? WITHOUT_FINGERPRINT : null;
  return 'why' in about ? about : null;
}

const WITHOUT_FINGERPRINT: Ignored = {
  kind: 'ignored',
  why: 'noFingerprint',
  reason: 'Resolved, but the alert has no fingerprint to find its incident by.',
};
