import type { Board } from '../../guards/board.ts';
import type { IncidentRow } from '../../incident/incident-row.ts';
import type { Option } from '../../incident/option.ts';

/** Some incidents, and how many there are of them. */
interface Listed {
  readonly rows: readonly IncidentRow[];
  readonly total: number;
}

/** What is asked of people, as little as a list says of it. */
export interface Question {
  /** The id of the plan, which an answer names. */
  readonly id: string;
  /** What would be done. */
  readonly plan: string;
  /** ISO 8601; silence until then is no. */
  readonly expiresAt: string;
  /** What can be answered; null where it is yes or no. */
  readonly options: readonly Option[] | null;
}

/** What the status of a cluster is read from. Nothing is changed by reading. */
export interface StatusSources {
  /** Incidents that go on, the newest first. @throws when Temporal is away */
  open(): Promise<Listed>;
  /** Incidents that ended since then, the latest first. @throws when Temporal is away */
  closedSince(sinceMs: number): Promise<Listed>;
  /** What an incident asks of people now; null when that is nothing, or no worker tells it in time. */
  asked(incident: string): Promise<Question | null>;
  /** What a permit office holds back; null when no worker tells it in time. @param cluster null: what all clusters share */
  board(cluster: string | null): Promise<Board | null>;
}
