import { globsOverlap, isGlob, matchesGlob } from '../../incident/glob.ts';
import type { Runbook } from '../schema.ts';
import { type Alternative, alternativesOf, type LabelCondition } from './alternatives.ts';
import { type Specificity, specificityOf } from './specificity.ts';

/** Two runbooks that can match one alert, neither more specifically than the other. */
export interface Tie {
  readonly runbook: Runbook;
  readonly other: Runbook;
  /** Where the first says so, from its root. */
  readonly path: readonly PropertyKey[];
  /** The name or pattern by which the first takes the alert; null where it asks for none. */
  readonly named: string | null;
}

/** One alternative by one of its names. */
interface Claim {
  readonly runbook: Runbook;
  readonly alternative: Alternative;
  readonly named: string | null;
  readonly path: readonly PropertyKey[];
  readonly specificity: Specificity;
}

/**
 * The ties among runbooks, as far as they can be told without alerts: exactly for names, patterns, kinds, reasons and single values of
 * labels; where words, patterns of labels or what a rule reads are all that tells two apart, an alert that has both is taken to be
 * possible. One tie is told for each two runbooks.
 */
export function tiesOf(runbooks: readonly Runbook[]): Tie[] {
  const told = new Set<string>();
  const ties: Tie[] = [];
  const groups = new Map<string, Claim[]>();
  for (const claim of runbooks.flatMap(claimsOf)) {
    // Others are more or less specific, or name another alert.
    const key = JSON.stringify([claim.specificity, claim.specificity[0] === 1 ? claim.named : null]);
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    for (const other of group) {
      const pair = JSON.stringify([claim.runbook.name, other.runbook.name]);
      if (claim.runbook === other.runbook || told.has(pair) || !meet(claim, other)) continue;
      told.add(pair);
      ties.push({ runbook: claim.runbook, other: other.runbook, path: claim.path, named: claim.named });
    }
    group.push(claim);
  }
  return ties;
}

function claimsOf(runbook: Runbook): Claim[] {
  return alternativesOf(runbook.match).any.flatMap((alternative) => {
    const claim = (named: string | null, path: readonly PropertyKey[]): Claim => ({
      runbook,
      alternative,
      named,
      path,
      specificity: specificityOf(alternative, named, runbook.failureType),
    });
    if (alternative.alerts.length === 0) return [claim(null, alternative.path)];
    return alternative.alerts.map((named, index) => claim(named, [...alternative.path, 'alerts', index]));
  });
}

/** Whether one alert can be both's. */
function meet(one: Claim, other: Claim): boolean {
  const [a, b] = [one.alternative, other.alternative];
  return (
    namesMeet(one.named, other.named) &&
    [...a.kinds].some((kind) => b.kinds.has(kind)) &&
    setsMeet(a.reasons, b.reasons) &&
    a.labels.every((label) => b.labels.every((theirs) => labelsMeet(label, theirs))) &&
    !isExcepted(one, other) &&
    !isExcepted(other, one)
  );
}

function namesMeet(one: string | null, other: string | null): boolean {
  if (one === null || other === null) return true;
  return isGlob(one) && isGlob(other) ? globsOverlap(one, other) : one === other;
}

/** An alert may carry several reasons, but two runbooks that ask for different ones are not taken to mean the same alert. */
function setsMeet(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return one.size === 0 || other.size === 0 || [...one].some((text) => other.has(text));
}

function labelsMeet(one: LabelCondition, other: LabelCondition): boolean {
  // With one label or another, an alert can have both.
  if (one.names.length > 1 || other.names.length > 1 || one.names[0] !== other.names[0]) return true;
  return one.values.some((a) => other.values.some((b) => valuesMeet(a, b)));
}

function valuesMeet(one: string, other: string): boolean {
  if (one === '' || other === '') return one === other;
  if (isGlob(one)) return isGlob(other) ? globsOverlap(one, other) : matchesGlob(one, other);
  return isGlob(other) ? matchesGlob(other, one) : one === other;
}

/** Whether an exception, which asks for nothing but names, keeps the one from all that the other names. */
function isExcepted({ runbook }: Claim, { named }: Claim): boolean {
  if (named === null || isGlob(named)) return false;
  return alternativesOf(runbook.match).except.some(
    ({ alerts, words, reasons, labels, metrics }) =>
      words.length + reasons.size + labels.length + metrics.length === 0 && alerts.some((pattern) => matchesGlob(pattern, named)),
  );
}
