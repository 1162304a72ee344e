import { atMostEvery } from './at-most-every.ts';
import type { StatusSources } from './sources.ts';
import { byUrgency, countEnds, needsPerson, type OpenIncident, officeStatus, type Status } from './status.ts';

const READ_EVERY_MS = 5_000;
const CLOSED_READ_EVERY_MS = 30_000;
const DAY_MS = 86_400_000;
/** Each question is asked of a worker. */
const ASKED_MAX = 30;
const SHOWN_MAX = 200;
const CLOSED_SHOWN_MAX = 50;

/** `away`: Temporal is, so that nobody knows; what was known last is told with its time. */
export type Reading =
  | { readonly kind: 'now'; readonly status: Status }
  | { readonly kind: 'away'; readonly why: string; readonly last: Status | null };

/** Reads how a cluster stands, at most every few seconds however many ask. */
export interface StatusReader {
  read(): Promise<Reading>;
  /** The open incidents alone, those that need a person first; null while Temporal is away. */
  open(): Promise<readonly OpenIncident[] | null>;
}

/** @param sources null while Temporal has not been reached yet */
export function openStatusReader(cluster: string, sources: () => StatusSources | null): StatusReader {
  const reached = () => {
    const ready = sources();
    if (ready === null) throw new Error('It has not been reached yet.');
    return ready;
  };

  const readOpen = atMostEvery(READ_EVERY_MS, async () => {
    const ready = reached();
    const { rows, total } = await ready.open();
    const ordered = byUrgency(rows);
    const asking = ordered.filter(needsPerson).slice(0, ASKED_MAX);
    const asked = new Map(await Promise.all(asking.map(async ({ id }) => [id, await ready.asked(id)] as const)));
    return { total, incidents: ordered.map((row) => ({ ...row, asked: asked.get(row.id) ?? null })) };
  });

  const readClosed = atMostEvery(CLOSED_READ_EVERY_MS, async () => {
    const { rows, total } = await reached().closedSince(Date.now() - DAY_MS);
    return { total, counted: rows.length, counts: countEnds(rows), latest: rows.slice(0, CLOSED_SHOWN_MAX) };
  });

  const readGuards = atMostEvery(READ_EVERY_MS, async () => {
    const ready = reached();
    return Promise.all([cluster, null].map(async (office) => officeStatus(office, await ready.board(office))));
  });

  let last: Status | null = null;
  return {
    async read() {
      try {
        const [{ total, incidents }, lastDay, guards] = await Promise.all([readOpen(), readClosed(), readGuards()]);
        const open = { total, incidents: incidents.slice(0, SHOWN_MAX) };
        last = { cluster, at: new Date().toISOString(), open, guards, lastDay };
        return { kind: 'now', status: last };
      } catch (error) {
        return { kind: 'away', why: (error as Error).message, last };
      }
    },

    open: () =>
      readOpen().then(
        ({ incidents }) => incidents,
        () => null,
      ),
  };
}
