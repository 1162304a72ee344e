import type { Board } from '../../guards/board.ts';
import type { IncidentRow } from '../../incident/incident-row.ts';
import { type BoardSection, boardSections } from '../../workflows/board-sections.ts';
import type { Question } from './sources.ts';

/** An open incident, with what it asks of people now; null when that is nothing, or no worker is there to tell it. */
export interface OpenIncident extends IncidentRow {
  readonly asked: Question | null;
}

/** What a permit office holds back. */
export interface OfficeStatus {
  /** The cluster; null: what all clusters share. */
  readonly cluster: string | null;
  /** What keeps everything new of some scope from beginning, a sentence each. */
  readonly freezes: readonly string[];
  /** Null when no worker is there to tell it. */
  readonly sections: readonly BoardSection[] | null;
}

/** What ended within 24 hours. */
export interface LastDay {
  readonly total: number;
  /** How many of them the counts are of: the latest. */
  readonly counted: number;
  /** By failure type, then by outcome. */
  readonly counts: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** The latest of them. */
  readonly latest: readonly IncidentRow[];
}

/** How a cluster stands: what is happening, what holds remedies back, what ended within 24 hours. */
export interface Status {
  readonly cluster: string;
  /** When it was read, ISO 8601. */
  readonly at: string;
  readonly open: {
    readonly total: number;
    /** Those that need a person first. */
    readonly incidents: readonly OpenIncident[];
  };
  readonly guards: readonly OfficeStatus[];
  readonly lastDay: LastDay;
}

/** Phases in which an incident waits for a person, the most urgent first. */
const FOR_PEOPLE: readonly string[] = ['untold', 'asking', 'escalated'];

export function needsPerson({ phase }: Pick<IncidentRow, 'phase'>): boolean {
  return phase !== null && FOR_PEOPLE.includes(phase);
}

/** Those that need a person first, the most urgent of them at the top; the others as they come. */
export function byUrgency<T extends Pick<IncidentRow, 'phase'>>(rows: readonly T[]): readonly T[] {
  const rank = (row: T) => (needsPerson(row) ? FOR_PEOPLE.indexOf(row.phase!) : FOR_PEOPLE.length);
  return rows.toSorted((one, other) => rank(one) - rank(other));
}

/** How an incident ended, in a word. */
export function endOf({ state, outcome }: Pick<IncidentRow, 'state' | 'outcome'>): string {
  return state === 'broken' ? 'broken' : (outcome ?? 'closed');
}

/** How many there are of each failure type and end. */
export function countEnds(rows: readonly IncidentRow[]): LastDay['counts'] {
  const counts: Record<string, Record<string, number>> = {};
  for (const row of rows) {
    const ofType = counts[row.failureType] ?? {};
    const end = endOf(row);
    counts[row.failureType] = { ...ofType, [end]: (ofType[end] ?? 0) + 1 };
  }
  return counts;
}

export function officeStatus(cluster: string | null, board: Board | null): OfficeStatus {
  return { cluster, freezes: board?.freezes ?? [], sections: board && boardSections(board) };
}
