import type { AuditEntry } from '../incident/audit-entry.ts';
import { isWithin, type Period } from './period.ts';

/** One incident, as the trail tells it. */
export interface Story {
  /** By which the report calls it, from 1. */
  readonly number: number;
  readonly id: string;
  /** Its last, where it went on as another failure type; null where no entry says it. */
  readonly run: string | null;
  /** All that is known, also from before the period. */
  readonly entries: readonly AuditEntry[];
  /** What was in the period. */
  readonly within: readonly AuditEntry[];
}

/** A command that a person gave, as the trail tells it. */
export interface Command {
  readonly number: number;
  readonly entry: AuditEntry;
}

/** What a period holds. */
export interface Told {
  /** The incidents that something was told of in the period, in the order of their first entry. */
  readonly stories: readonly Story[];
  readonly commands: readonly Command[];
}

export function told(entries: readonly AuditEntry[], period: Period): Told {
  const byKey = new Map<string, { id: string; run: string | null; entries: AuditEntry[] }>();
  /** The incident that was told of last under an id, for entries that name no run. */
  const latest = new Map<string, string>();
  for (const entry of entries) {
    const { incident: id, run, openedAt } = entry;
    const key = run === undefined ? (latest.get(id) ?? id) : JSON.stringify([id, openedAt ?? run]);
    latest.set(id, key);
    const story = byKey.get(key) ?? { id, run: null, entries: [] };
    // A command to a permit office, or about a model, is no incident.
    if (entry.step === 'Commanded' && !byKey.has(key)) continue;
    story.entries.push(entry);
    byKey.set(key, { ...story, run: run ?? story.run });
  }
  const all = [...byKey.values()].map((story) => ({ ...story, within: story.entries.filter(({ at }) => isWithin(at, period)) }));
  const commands = entries.filter(({ step, at }) => step === 'Commanded' && isWithin(at, period));
  return {
    stories: all.filter(({ within }) => within.length > 0).map((story, index) => ({ number: index + 1, ...story })),
    commands: commands.map((entry, index) => ({ number: index + 1, entry })),
  };
}
