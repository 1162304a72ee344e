import { TARGET_KINDS, type TargetKind } from '../../incident/target.ts';
import { type Beginnings, beginnings } from './alert-name.ts';
import type { Condition, Match } from './schema.ts';

/** One way in which a runbook matches: all that it says must hold. */
export interface Alternative {
  /** Exact names and patterns, of which one is enough; empty: not asked. */
  readonly alerts: readonly string[];
  /** All of them, each one beginning of a word or another. */
  readonly words: readonly Beginnings[];
  /** One is enough; empty: not asked. */
  readonly reasons: ReadonlySet<string>;
  /** All of them, each one label or another, with one value or another. */
  readonly labels: readonly LabelCondition[];
  /** One is enough; empty: not asked. */
  readonly metrics: readonly string[];
  readonly kinds: ReadonlySet<TargetKind>;
  /** Where it stands in the file, from the runbook's root. */
  readonly path: readonly PropertyKey[];
}

export interface LabelCondition {
  readonly names: readonly string[];
  readonly values: readonly string[];
}

/** What a runbook says of the alerts it is for. */
export interface Alternatives {
  /** One of them is enough. */
  readonly any: readonly Alternative[];
  /** None of them may hold. */
  readonly except: readonly Alternative[];
}

const READ = new WeakMap<Match, Alternatives>();

/** Reads what a runbook matches once, however many alerts are asked about. */
export function alternativesOf(match: Match): Alternatives {
  const read = READ.get(match) ?? {
    any: match.any?.map((one, index) => alternative(one, ['match', 'any', index], match)) ?? [alternative(match, ['match'])],
    except: match.except.map((one, index) => alternative(one, ['match', 'except', index])),
  };
  READ.set(match, read);
  return read;
}

function alternative(condition: Condition, path: readonly PropertyKey[], overall?: Condition): Alternative {
  const kinds = condition.kinds ?? overall?.kinds ?? TARGET_KINDS;
  return {
    alerts: condition.alerts ?? [],
    words: (condition.words ?? []).map((words) => beginnings(words.split(/ ?\| ?/))),
    reasons: new Set(condition.reasons),
    labels: [...labelConditions(overall), ...labelConditions(condition)],
    metrics: condition.metrics ?? [],
    kinds: new Set(kinds.filter((kind) => overall?.kinds?.includes(kind) ?? true)),
    path,
  };
}

function labelConditions(condition: Condition | undefined): LabelCondition[] {
  return Object.entries(condition?.labels ?? {}).map(([names, values]) => ({ names: names.split('|'), values: [values].flat() }));
}
