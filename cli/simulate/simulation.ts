import { type Subject as Named, subjectOf } from '../../gateway/resolve-target.ts';
import type { Alert } from '../../incident/alert.ts';
import type { FailureType } from '../../incident/failure-type.ts';
import { type Mode, modeFor } from '../../incident/mode.ts';
import type { RemedyName } from '../../incident/remedy.ts';
import type { TargetKind } from '../../incident/target.ts';
import { type Choice, chooseRunbook, whyBefore, whyMatched } from '../../runbooks/match.ts';
import type { Runbook } from '../../runbooks/schema.ts';

/** What would be done about one alert. */
export interface Simulation {
  readonly alert: string;
  readonly failureType: FailureType | null;
  readonly runbook: string | null;
  /** What the labels name, as `namespace/Kind/name`; the incident is its topmost owner's. */
  readonly target: string | null;
  readonly mode: Mode | null;
  readonly remedies: readonly RemedyName[];
  readonly reason: string;
  /** Why the runbook matches, as a part of a sentence about it; null for none. */
  readonly why: string | null;
  /** What it is about, where that is left to people unless a runbook names it exactly; null where it is not. */
  readonly leftAlone: string | null;
  /** Runbooks that match as well, or name the alert and yet do not match, and why each was not chosen. */
  readonly others: readonly { readonly runbook: string; readonly why: string }[];
}

type Subject = Named | null;

/** Says what would be done about an alert, as far as it can be told without asking a cluster. */
export function simulate(alert: Alert, runbooks: readonly Runbook[]): Simulation {
  const subject = subjectOf(alert);
  const ofKind = chooseRunbook(alert, runbooks, subject && likelyKind(subject));
  // What it is about is known even where no runbook is for what it names.
  const choice = ofKind.runbook ? ofKind : chooseRunbook(alert, runbooks, null);
  const { runbook, matched, leftAlone } = choice;
  const isForAnother = runbook !== null && ofKind.runbook === null && subject !== null && !isLed(subject);
  return {
    alert: alert.name,
    failureType: runbook?.failureType ?? null,
    runbook: runbook?.name ?? null,
    target: subject && [subject.namespace, subject.kind, subject.name].filter((part) => part !== null).join('/'),
    mode: runbook && modeFor(runbook, subject?.namespace ?? '', null),
    remedies: runbook?.remedies ?? [],
    reason: runbook ? reasonFor(alert, runbook, subject, isForAnother) : whyNone(alert, choice),
    why: matched[0] ? whyMatched(matched[0]) : null,
    leftAlone: runbook === null ? (leftAlone?.about ?? null) : null,
    others: othersOf(choice),
  };
}

/** Only the cluster can tell which target it leads to. */
function isLed({ kind }: Named): boolean {
  return kind === 'Pod' || kind === 'HorizontalPodAutoscaler';
}

/** Who owns a pod only the cluster can tell. KServe names its pods so; any other is taken to be a Deployment's. */
function likelyKind({ kind, name }: Named): TargetKind {
  if (kind !== 'Pod' && kind !== 'HorizontalPodAutoscaler') return kind;
  // An autoscaler that KServe makes is called like the Deployment.
  return /-predictor(-|$)/.test(name) ? 'InferenceService' : 'Deployment';
}

/** Why each of the others was not chosen. */
function othersOf({ runbook, matched: [first, ...matched], near, leftAlone }: Choice): Simulation['others'] {
  const behind = first
    ? matched.map((other) => ({ runbook: other.runbook.name, why: `matches too, but ${first.runbook.name} ${whyBefore(first, other)}` }))
    : [];
  // That it is left alone is the reason already.
  const missed = runbook === null && leftAlone ? [] : near.map((one) => ({ runbook: one.runbook.name, why: `names it, but ${one.why()}` }));
  return [...behind, ...missed];
}

function whyNone(alert: Alert, { near, leftAlone }: Choice): string {
  if (alert.name === '') return 'it has no label alertname, and is nobody’s';
  if (leftAlone) return `left to people: ${leftAlone.why}`;
  if (near.length > 0)
    return `no runbook matches the alert "${alert.name}", though ${near.map(({ runbook, why }) => `${runbook.name} names it, but ${why()}`).join('; ')}`;
  return `no runbook matches the alert "${alert.name}": no failure of a machine-learning platform that is known`;
}

function reasonFor(alert: Alert, runbook: Runbook, subject: Subject, isForAnother: boolean): string {
  const matches = `runbook ${runbook.name} matches`;
  if (alert.status === 'resolved') return `${matches}, but the alert is over: an open incident would be told so, and none would start`;
  if (!subject) return `${matches}, but the labels name no resource in a namespace, so nothing would be done`;
  if (isForAnother) return `${matches}, but it is not for a ${subject.kind}, so nothing would be done`;
  const namespace = subject.namespace ?? '';
  const mode = modeFor(runbook, namespace, null);
  const steps = stepsOf(runbook, namespace, mode).join(', then ');
  const owner = isLed(subject) ? ` if a ${likelyKind(subject)} ${subject.kind === 'Pod' ? 'owns the pod' : 'is what it scales'}` : '';
  if (mode === 'off') return `${matches}${owner}, but it is off there, so nothing would be done`;
  if (steps === '') return `${matches}${owner}; it has no remedy, so it would diagnose and hand over to a person`;
  switch (mode) {
    case 'auto':
      return `${matches}${owner}; after a diagnosis it would try, as the cause allows, ${steps}`;
    case 'approve':
      return `${matches}${owner}; after a diagnosis it would ask a person whether it may try, as the cause allows, ${steps}`;
    case 'observe':
      return `${matches}${owner}; in observe mode it would diagnose and say which of ${steps} it would try, changing nothing`;
    default:
      return mode satisfies never;
  }
}

/** The ladder, with the mode of each remedy that has another one. */
function stepsOf(runbook: Runbook, namespace: string, mode: Mode): string[] {
  return runbook.remedies.flatMap((remedy) => {
    const own = modeFor(runbook, namespace, remedy);
    if (own === 'off') return [];
    return own === mode ? [remedy] : [`${remedy} (${own})`];
  });
}
