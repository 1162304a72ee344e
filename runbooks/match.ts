import type { Alert } from '../incident/alert.ts';
import { isGlob } from '../incident/glob.ts';
import { TARGET_KINDS, type TargetKind } from '../incident/target.ts';
import { type Alternative, alternativesOf } from './matching/alternatives.ts';
import { type Held, hold } from './matching/hold.ts';
import { type LeftAlone, leftAlone } from './matching/left-alone.ts';
import { type LookedAt, lookAt, REASON_LABELS } from './matching/looked-at.ts';
import { compareSpecificity, type Specificity, specificityOf, whatDecides } from './matching/specificity.ts';
import type { Runbook } from './schema.ts';

/** Which runbook an alert belongs to, and why that one. */
export interface Choice {
  readonly runbook: Runbook | null;
  /** Those that match, the chosen one first. */
  readonly matched: readonly Matched[];
  /** Those that name the alert and yet do not match. */
  readonly near: readonly Near[];
  /** Why no runbook may take it that does not name it exactly; null where one may. */
  readonly leftAlone: LeftAlone | null;
}

interface Matched {
  readonly runbook: Runbook;
  readonly specificity: Specificity;
  /** What of the runbook it was. */
  readonly alternative: Alternative;
  /** The name or pattern it named the alert by; null where it asks for none. */
  readonly named: string | null;
}

interface Near {
  readonly runbook: Runbook;
  /** As a part of a sentence. */
  readonly why: () => string;
}

/**
 * The runbook an alert belongs to: the most specific of those that match. Null when none does. The same whatever the order of the
 * runbooks: between equals, which `lint` refuses as far as it can tell, the first by name is used.
 * @param kind that of the target; null as long as it is not known
 */
export function matchRunbook(alert: Alert, runbooks: readonly Runbook[], kind: TargetKind | null = null): Runbook | null {
  return chooseRunbook(alert, runbooks, kind).runbook;
}

/** As {@link matchRunbook}, with its reasons. */
export function chooseRunbook(alert: Alert, runbooks: readonly Runbook[], kind: TargetKind | null): Choice {
  // What has no name belongs to nobody, whatever its labels say.
  if (alert.name === '') return { runbook: null, matched: [], near: [], leftAlone: null };
  const looked = lookAt(alert);
  return choose(looked, leftAlone(looked.name, looked.read), runbooks, kind);
}

/** The runbook that a target of each kind would have; a kind that has none is not there. */
export type RunbooksByKind = ReadonlyMap<TargetKind, Runbook>;

/**
 * As {@link matchRunbook} for targets of all kinds at once, for one alert after the other. Those of a storm differ in nothing that runbooks
 * look at, and are looked at once.
 */
export function matchByKind(runbooks: readonly Runbook[]): (alert: Alert) => RunbooksByKind {
  const labels = labelsLookedAt(runbooks);
  const known = new Map<string, RunbooksByKind>();
  return (alert) => {
    const seen = labels.map(({ name, valueCounts }) => {
      const value = Object.hasOwn(alert.labels, name) ? alert.labels[name] || null : null;
      return valueCounts ? value : value !== null;
    });
    const key = JSON.stringify([alert.name, alert.expression, seen]);
    const found = known.get(key) ?? runbooksByKind(alert, runbooks);
    if (known.size >= KNOWN_MAX) known.clear();
    known.set(key, found);
    return found;
  };
}

const KNOWN_MAX = 1_000;

/** The labels that decide, and whether it is by more than being there. */
function labelsLookedAt(runbooks: readonly Runbook[]): { readonly name: string; readonly valueCounts: boolean }[] {
  const conditions = runbooks.flatMap(({ match }) => {
    const { any, except } = alternativesOf(match);
    return [...any, ...except].flatMap(({ labels }) => labels);
  });
  const byValue = conditions.filter(({ values }) => values.some((value) => value !== '*' && value !== ''));
  const counts = new Set<string>([...REASON_LABELS, ...byValue.flatMap(({ names }) => names)]);
  const all = new Set([...counts, ...conditions.flatMap(({ names }) => names)]);
  return [...all].map((name) => ({ name, valueCounts: counts.has(name) }));
}

function runbooksByKind(alert: Alert, runbooks: readonly Runbook[]): RunbooksByKind {
  if (alert.name === '') return new Map();
  const looked = lookAt(alert);
  const alone = leftAlone(looked.name, looked.read);
  // A kind that is known makes fewer match, and never more.
  const possible = choose(looked, alone, runbooks, null).matched.map(({ runbook }) => runbook);
  const found = new Map<TargetKind, Runbook>();
  for (const kinds of kindsAlike(possible)) {
    const { runbook } = choose(looked, alone, possible, kinds[0]!);
    if (runbook) for (const kind of kinds) found.set(kind, runbook);
  }
  return found;
}

/** All kinds, those together that no runbook tells apart. */
function kindsAlike(runbooks: readonly Runbook[]): readonly (readonly TargetKind[])[] {
  const told = runbooks.flatMap(({ match }) => {
    const { any, except } = alternativesOf(match);
    return [...any, ...except];
  });
  const alike = new Map<string, TargetKind[]>();
  for (const kind of TARGET_KINDS) {
    const key = told.map(({ kinds }) => (kinds.has(kind) ? 'y' : 'n')).join('');
    alike.set(key, [...(alike.get(key) ?? []), kind]);
  }
  return [...alike.values()];
}

function choose(looked: LookedAt, alone: LeftAlone | null, runbooks: readonly Runbook[], kind: TargetKind | null): Choice {
  const matched: Matched[] = [];
  const near: Near[] = [];
  for (const runbook of runbooks) {
    const found = matchOf(runbook, looked, kind, alone);
    if ('specificity' in found) matched.push(found);
    else if (found.isNear) near.push({ runbook, why: found.lacks });
  }
  matched.sort((a, b) => compareSpecificity(a.specificity, b.specificity) || byName(a.runbook.name, b.runbook.name));
  return { runbook: matched[0]?.runbook ?? null, matched, near, leftAlone: alone };
}

/** Why a runbook matches, as a part of a sentence about it. */
export function whyMatched({ named, alternative: { words, reasons, labels, metrics } }: Matched): string {
  const asked = [
    ...(named === null ? [] : [isGlob(named) ? `the name ${named}` : 'this very name']),
    ...(words.length > 0 ? [`words beginning with ${words.map(({ texts }) => texts.slice(0, 3).join('|')).join(' and ')}`] : []),
    ...(reasons.size > 0 ? ['a reason'] : []),
    ...(labels.length > 0 ? [`the label ${labels.map(({ names }) => names.slice(0, 3).join('|')).join(' and ')}`] : []),
    ...(metrics.length > 0 ? ['what the rule reads'] : []),
  ];
  return `asks for ${asked.join(', ')}`;
}

/** Why the first was chosen before the other, as a part of a sentence about the first. */
export function whyBefore(first: Matched, other: Matched): string {
  return whatDecides(first.specificity, other.specificity) ?? 'is the first by name, and nothing else tells them apart';
}

function matchOf(
  runbook: Runbook,
  looked: LookedAt,
  kind: TargetKind | null,
  alone: LeftAlone | null,
): Matched | (Held & { holds: false }) {
  const { any, except } = alternativesOf(runbook.match);
  let best: Matched | null = null;
  let nearest: Held & { holds: false } = { holds: false, isNear: false, lacks: () => 'it names other alerts' };
  for (const alternative of any) {
    const held = hold(alternative, looked, kind);
    if (held.holds) {
      const specificity = specificityOf(alternative, held.named, runbook.failureType);
      if (best === null || compareSpecificity(specificity, best.specificity) < 0)
        best = { runbook, specificity, alternative, named: held.named };
    } else if (held.isNear && !nearest.isNear) nearest = held;
  }
  if (best === null) return nearest;
  const isExact = best.named !== null && !isGlob(best.named);
  if (alone !== null && !isExact) return { holds: false, isNear: true, lacks: () => `${alone.why}, and it does not name it exactly` };
  // One for some kinds alone says nothing as long as the kind is not known.
  const asked = except.filter(({ kinds }) => kind !== null || kinds.size === TARGET_KINDS.length);
  if (asked.some((one) => hold(one, looked, kind).holds)) return { holds: false, isNear: true, lacks: () => 'one of its exceptions holds' };
  return best;
}

/** By code points: the same on every machine. */
function byName(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
