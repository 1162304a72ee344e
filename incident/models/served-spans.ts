import type { SeenServing } from '../model-record.ts';
import type { KeptRecord } from './kept-record.ts';

/** A model server is looked at so often. */
export const LOOK_EVERY_MS = 20_000;
/** Where nobody looked for longer than this, six looks in a row, a span of health ends: silence is not health. */
export const SILENCE_MAX_MS = 6 * LOOK_EVERY_MS;

/** Addresses kept of one server; of each the newest span and the longest one. */
const ADDRESSES_MAX = 3;
const SERVERS_MAX = 10;

/**
 * A server was healthy for a span. It goes on with the server's newest span where that is of the same address, nothing ill was seen since,
 * and nobody failed to look for too long between the two. What was seen ill meanwhile cuts it.
 */
export function withHealthy(record: KeptRecord, given: SeenServing): KeptRecord {
  const illMs = record.unhealthy.find(({ server }) => server === given.server)?.atMs ?? Number.NEGATIVE_INFINITY;
  if (given.untilMs <= illMs || given.untilMs < given.fromMs) return record;
  const seen: SeenServing = { ...given, fromMs: Math.max(given.fromMs, illMs) };
  const newest = record.seen.find(({ server }) => server === given.server);
  const goesOn =
    newest?.address === seen.address &&
    newest.fromMs >= illMs &&
    seen.fromMs - newest.untilMs <= SILENCE_MAX_MS &&
    newest.fromMs - seen.untilMs <= SILENCE_MAX_MS;
  if (!goesOn) return { ...record, seen: few([seen, ...record.seen]) };
  const joined = {
    ...seen,
    version: seen.version ?? newest.version,
    fromMs: Math.min(newest.fromMs, seen.fromMs),
    untilMs: Math.max(newest.untilMs, seen.untilMs),
  };
  return { ...record, seen: few([joined, ...record.seen.filter((one) => one !== newest)]) };
}

/** A server was seen ill: its spans end there. What is known of it for later begins there. */
export function withUnhealthy(record: KeptRecord, server: string, atMs: number): KeptRecord {
  const before = record.unhealthy.find((one) => one.server === server);
  const others = record.unhealthy.filter((one) => one !== before);
  const latest = { server, atMs: Math.max(before?.atMs ?? atMs, atMs) };
  return {
    ...record,
    unhealthy: [latest, ...others].slice(0, SERVERS_MAX),
    seen: record.seen.map((one) => (one.server === server && one.fromMs < atMs && atMs < one.untilMs ? { ...one, fromMs: atMs } : one)),
  };
}

/** The servers that the record last saw healthy with a version, and nothing ill of since. */
export function serversOf({ seen, unhealthy }: Pick<KeptRecord, 'seen' | 'unhealthy'>, version: string): readonly string[] {
  const newest = seen.filter((one, index) => seen.findIndex(({ server }) => server === one.server) === index);
  return newest
    .filter((one) => one.version === version && !unhealthy.some(({ server, atMs }) => server === one.server && atMs >= one.untilMs))
    .map(({ server }) => server);
}

/** As many as are kept, the newest first: a server that flaps with a bad version must not push out how long it was well with a good one. */
function few(spans: readonly SeenServing[]): readonly SeenServing[] {
  const servers = [...new Set(spans.map(({ server }) => server))].slice(0, SERVERS_MAX);
  const kept = new Set(
    servers.flatMap((server) => {
      const own = spans.filter((one) => one.server === server);
      const addresses = [...new Set(own.map(({ address }) => address))].slice(0, ADDRESSES_MAX);
      return addresses.flatMap((address) => newestAndLongest(own.filter((one) => one.address === address)));
    }),
  );
  return spans.filter((one) => kept.has(one));
}

function newestAndLongest(spans: readonly SeenServing[]): readonly SeenServing[] {
  const longest = spans.reduce((best, one) => (lengthOf(one) > lengthOf(best) ? one : best));
  return [spans[0]!, longest];
}

function lengthOf({ fromMs, untilMs }: SeenServing): number {
  return untilMs - fromMs;
}
