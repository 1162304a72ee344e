import type { AuditEntry } from '../incident/audit-entry.ts';
import type { RunRead } from './history/run.ts';
import { isWithin, type Period } from './period.ts';

/** One incident, as it is told. */
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
  /** As Temporal has kept them, the first one first; none where only the trail was read. */
  readonly runs: readonly RunRead[];
}

/** A command that a person gave. */
export interface Command {
  readonly number: number;
  readonly entry: AuditEntry;
}

/** What a period holds. */
export interface Told {
  /** The incidents that something was told of in the period, or that were open in it, in the order of what is told first of them. */
  readonly stories: readonly Story[];
  /** Incidents that were over before it. */
  readonly before: readonly Omit<Story, 'number'>[];
  readonly commands: readonly Command[];
  /** What a machine did not do alone any more from then on. */
  readonly demotions: readonly AuditEntry[];
}

/** @param runs of which also those are told that no entry tells of */
export function told(entries: readonly AuditEntry[], period: Period, runs: readonly RunRead[] = []): Told {
  const byKey = new Map<string, { id: string; run: string | null; entries: AuditEntry[]; runs: RunRead[] }>();
  /** The incident that was told of last under an id, for entries that name no run. */
  const latest = new Map<string, string>();
  const keyOfRun = new Map<string, string>();
  for (const run of runs) {
    const key = JSON.stringify([run.incident, run.openedAt]);
    keyOfRun.set(run.run, key);
    byKey.set(key, { id: run.incident, run: run.run, entries: [], runs: [...(byKey.get(key)?.runs ?? []), run] });
  }
  for (const entry of entries) {
    const { incident: id, run, openedAt } = entry;
    const key = run === undefined ? (latest.get(id) ?? id) : (keyOfRun.get(run) ?? JSON.stringify([id, openedAt ?? run]));
    latest.set(id, key);
    const story = byKey.get(key) ?? { id, run: null, entries: [], runs: [] };
    // A command to a permit office, or about a model, and what an office demotes, is no incident.
    if ((entry.step === 'Commanded' || entry.step === 'Demoted') && !byKey.has(key)) continue;
    story.entries.push(entry);
    byKey.set(key, { ...story, run: run ?? story.run });
  }
  const all = [...byKey.values()].map((story) => ({ ...story, within: story.entries.filter(({ at }) => isWithin(at, period)) }));
  const isTold = ({ within, runs: own }: (typeof all)[number]) => within.length > 0 || own.some((run) => isOpenIn(run, period));
  const commands = entries.filter(({ step, at }) => step === 'Commanded' && isWithin(at, period));
  return {
    stories: all.filter(isTold).map((story, index) => ({ number: index + 1, ...story })),
    before: all.filter((story) => !isTold(story)),
    commands: commands.map((entry, index) => ({ number: index + 1, entry })),
    demotions: entries.filter(({ step, at }) => step === 'Demoted' && isWithin(at, period)),
  };
}

function isOpenIn({ startedMs, endedMs }: RunRead, { fromMs, toMs }: Period): boolean {
  return (toMs === null || startedMs < toMs) && (fromMs === null || endedMs === null || endedMs >= fromMs);
}
