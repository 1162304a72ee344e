import type { ServerSettings } from './model.ts';

/** One version of a model as it was seen serving, by our own eyes. */
export interface SeenServing {
  /** The server, as targets are written (`namespace/Kind/name`). */
  readonly server: string;
  /** As the server writes it. */
  readonly address: string;
  /** The registry's version; null where it knew none then. */
  readonly version: string | null;
  /** What the server said beside it about how it is loaded. */
  readonly settings: ServerSettings;
  /** Epoch milliseconds, since when it was healthy without a break that was seen, and without one in which nobody looked. */
  readonly fromMs: number;
  /** Epoch milliseconds, when it was last seen healthy. */
  readonly untilMs: number;
}

/** A version that is not to be served again, by whom and when. */
export interface Quarantine {
  /** As its servers write it. */
  readonly address: string;
  readonly version: string | null;
  /** The incident's workflow id, or the person who said so. */
  readonly by: string;
  readonly reason: string;
  /** Epoch milliseconds. */
  readonly atMs: number;
}

/** A version that a person vouches for: it is what is gone back to, whatever registry and record say. */
interface Pin {
  readonly version: string;
  readonly by: string;
  readonly reason: string;
  /** Epoch milliseconds. */
  readonly atMs: number;
}

/** What Paramedic itself knows of one model in one cluster: what it saw serving, and what it was told. */
export interface ModelRecord {
  readonly model: string;
  /** Name of its registry; null where it is in none. */
  readonly registry: string | null;
  /** The newest first; few of each server are kept. */
  readonly seen: readonly SeenServing[];
  readonly pin: Pin | null;
  /** The newest first. */
  readonly quarantined: readonly Quarantine[];
  /** Epoch milliseconds, when a person last promoted a version of it; null where none was seen to. */
  readonly promotedMs: number | null;
}
