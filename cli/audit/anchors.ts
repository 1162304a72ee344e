import type { ChainedLine } from '../../clients/audit/parse-line.ts';
import { withIncidents } from '../incidents/connect.ts';
import { openProgress } from '../progress.ts';
import { type Anchored, compared, keyOf, type NotedLine } from './compare.ts';
import { listWorkflows, readAnchors } from './histories.ts';

/** Compares a trail with what Temporal has kept of the workflows that wrote it. */
export interface Anchors {
  note(line: ChainedLine): void;
  /** @param isExcerpt what is not in it is not missed */
  compare(stateFolder: string, isExcerpt: boolean): Promise<Anchored>;
}

export function openAnchors(): Anchors {
  const lines: NotedLine[] = [];

  return {
    note(line) {
      // A line without a run was written beside its workflow, such as that a channel did not take a message.
      if (typeof line.incident === 'string' && typeof line.run === 'string') lines.push(line as NotedLine);
    },
    compare: (stateFolder, isExcerpt) =>
      withIncidents(stateFolder, async ({ client, settings }) => {
        // Of an empty trail everything is missing.
        const since = lines[0]?.at ?? new Date(0).toISOString();
        const clusters = [...new Set([settings.PARAMEDIC_CLUSTER, ...lines.flatMap(({ target }) => target?.cluster ?? [])])];
        const listed = isExcerpt ? [] : await listWorkflows(client, clusters, since);
        const all = [...new Map([...listed, ...lines].map(({ incident, run }) => [keyOf({ incident, run }), { incident, run }])).values()];
        const histories = await readAnchors(client, all, openProgress('Reading histories', all.length));
        const known = new Map(all.map((one, index) => [keyOf(one), histories[index] ?? null]));
        return compared(lines, known, isExcerpt ? null : since);
      }),
  };
}
