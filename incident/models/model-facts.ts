import type { Quarantine, SeenServing } from '../model-record.ts';
import type { KeptRecord, Written } from './kept-record.ts';
import { withHealthy, withUnhealthy } from './served-spans.ts';

/** An alias moved so soon after Paramedic wrote of the same version is its own doing: registries tell everybody of every move. */
const OWN_DOING_MS = 10 * 60_000;
/** So many quarantines, the newest, are kept. */
const QUARANTINES_MAX = 20;
const WRITTEN_MAX = 20;

/** One thing that Paramedic learns of a model. */
export type ModelFact =
  /** A server was healthy with a version for the whole of a span. */
  | { readonly kind: 'healthy'; readonly seen: SeenServing }
  | { readonly kind: 'unhealthy'; readonly server: string; readonly atMs: number }
  | { readonly kind: 'quarantined'; readonly quarantine: Quarantine }
  /** Paramedic writes into the registry; it is told before, so that what the registry says of it is known for its own doing. */
  | { readonly kind: 'written'; readonly written: Written }
  /** The registry says that its serving alias was moved. @property version where to; null where it does not say */
  | { readonly kind: 'aliasMoved'; readonly version: string | null; readonly atMs: number };

/** Brings a record up to date with what was learned. Pure; the same fact once more changes nothing. */
export function learn(record: KeptRecord, fact: ModelFact): KeptRecord {
  switch (fact.kind) {
    case 'healthy':
      return withHealthy(record, fact.seen);
    case 'unhealthy':
      return withUnhealthy(record, fact.server, fact.atMs);
    case 'quarantined':
      return withQuarantine(record, fact.quarantine);
    case 'written': {
      const { what, version } = fact.written;
      const others = record.written.filter((one) => one.what !== what || one.version !== version);
      return { ...record, written: [fact.written, ...others].slice(0, WRITTEN_MAX) };
    }
    case 'aliasMoved':
      if (isOwnDoing(record, { what: 'alias', version: fact.version }, fact.atMs)) return record;
      return { ...record, promotedMs: Math.max(record.promotedMs ?? 0, fact.atMs) };
    default:
      return fact satisfies never;
  }
}

/** Whether what a registry tells was written by Paramedic itself a moment ago. @param of with version null: it does not say of which version */
export function isOwnDoing(
  { written }: Pick<KeptRecord, 'written'>,
  of: { readonly what: Written['what']; readonly version: string | null },
  nowMs: number,
): boolean {
  const isOf = ({ what, version }: Written) => what === of.what && (of.version === null || version === of.version);
  return written.some((one) => isOf(one) && Math.abs(nowMs - one.atMs) <= OWN_DOING_MS);
}

/** A quarantine that is forgotten takes with it what was seen of the address, so that the record never names it as good. */
export function withQuarantine(record: KeptRecord, quarantine: Quarantine): KeptRecord {
  const others = record.quarantined.filter((one) => !isSameVersion(one, quarantine));
  const all = [quarantine, ...others];
  const forgotten = new Set(all.slice(QUARANTINES_MAX).map(({ address }) => address));
  return {
    ...record,
    quarantined: all.slice(0, QUARANTINES_MAX),
    seen: forgotten.size === 0 ? record.seen : record.seen.filter(({ address }) => !forgotten.has(address)),
  };
}

/** Those of a version, by its number or by its address, are taken off. */
export function withoutQuarantine(record: KeptRecord, version: string): KeptRecord {
  return { ...record, quarantined: record.quarantined.filter((one) => !names(version, one)) };
}

/** Whether a version that a person names is the one that stands there, by its number or by its address. */
export function names(version: string, one: Pick<Quarantine, 'version' | 'address'>): boolean {
  return one.version === version || one.address === version;
}

function isSameVersion(one: Quarantine, other: Quarantine): boolean {
  return one.address === other.address && one.version === other.version;
}
