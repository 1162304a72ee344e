import type { ChainedLine } from '../../clients/audit/parse-line.ts';
import type { AuditEntry } from '../../incident/audit-entry.ts';
import { canonical } from '../../incident/canonical.ts';
import { redactedEntry } from '../../incident/redacted-entry.ts';
import type { Anchor, Written } from './histories.ts';

/** A line that the trail and a history do not agree on. */
interface Disagreement extends Written {
  /** `missing`: the history has it, and the trail has not. `inserted`: the other way round. */
  readonly kind: 'missing' | 'inserted';
  readonly hash: string | null;
  readonly text: string;
}

/** How a trail stands beside the histories. */
export interface Anchored {
  readonly faults: readonly Disagreement[];
  readonly workflows: number;
  /** Lines of the trail that a history has as well. */
  readonly hashes: number;
  /** Lines of workflows whose histories are gone. */
  readonly unreachable: number;
}

/** A line that was written for a run of a workflow. */
export type NotedLine = ChainedLine & AuditEntry & Written;

/**
 * @param known what each history knows, by its workflow; null where it is gone
 * @param since histories' entries before it may be in other files; null: all may
 */
export function compared(
  lines: readonly NotedLine[],
  known: ReadonlyMap<string, readonly Anchor[] | null>,
  since: string | null,
): Anchored {
  const anchors = [...known.values()].flatMap((one) => one ?? []);
  const hashes = new Set<string | null>(anchors.map(({ hash }) => hash));
  const told = new Set(anchors.map(({ entry }) => canonical(redactedEntry(entry))));
  const standing = new Set<string | null>([...lines.map(({ hash }) => hash), null]);
  const isUnknown = (line: NotedLine) => (known.get(keyOf(line)) ?? null) === null;
  // A line stands, perhaps twice, whose writer died before Temporal heard of it.
  const inserted = lines.filter((line) => !isUnknown(line) && !hashes.has(line.hash) && !told.has(canonical(entryOf(line))));
  const missing = anchors.filter(({ hash, entry }) => since !== null && entry.at >= since && !standing.has(hash));
  return {
    faults: [
      ...missing.map(({ incident, run, hash, entry: { step, at } }) => ({
        ...{ kind: 'missing' as const, incident, run, hash },
        text: `${step} at ${at} of ${incident} stands in its history, and in none of these files.`,
      })),
      ...inserted.map(({ incident, run, hash, step, at }) => ({
        ...{ kind: 'inserted' as const, incident, run, hash },
        text: `${step} at ${at} of ${incident} stands in the trail, and its history knows nothing of it.`,
      })),
    ],
    workflows: [...known.values()].filter((one) => one !== null).length,
    hashes: lines.filter(({ hash }) => hashes.has(hash)).length,
    unreachable: lines.filter(isUnknown).length,
  };
}

export function keyOf({ incident, run }: Written): string {
  return `${incident}\n${run}`;
}

function entryOf({ code, written, writer, seq, prev, follows, torn, hash, ...entry }: NotedLine): object {
  return entry;
}
