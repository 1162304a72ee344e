import type { Timeline } from '../timeline.ts';
import type { Played } from './play-case.ts';
import type { Expected } from './schema.ts';

/** One thing that came otherwise than was expected. */
export interface Miss {
  readonly what: string;
  readonly expected: string;
  readonly was: string;
}

type Seen = Required<{ readonly [key in keyof Expected]: readonly string[] | string | boolean | null }>;

/** What came otherwise. */
export function judge(expected: Expected, played: Played): readonly Miss[] {
  const seen = seenIn(played);
  return (Object.keys(seen) as (keyof Expected)[]).flatMap((what) => {
    const wanted = expected[what];
    if (wanted === undefined || textOf(wanted) === textOf(seen[what])) return [];
    return [{ what, expected: textOf(wanted), was: textOf(seen[what]) }];
  });
}

function seenIn({ runbook, timeline }: Played): Seen {
  const found = timeline.find((step) => step.kind === 'found');
  const closed = timeline.find((step) => step.kind === 'closed');
  const refused = timeline.find((step) => step.kind === 'refused');
  const planned = timeline.findLast((step) => step.kind === 'planned');
  return {
    runbook: runbook?.name ?? null,
    cause: found?.cause ?? null,
    rule: found?.rule ?? null,
    acts: remediesOf(timeline, 'acted', 'done'),
    takenBack: remediesOf(timeline, 'takenBack', 'taken back'),
    proposes: planned?.remedy ?? null,
    refusedBy: refused?.guard ?? null,
    asked: timeline.some(({ kind }) => kind === 'asked'),
    escalated: timeline.some(({ kind }) => kind === 'escalated'),
    outcome: closed?.outcome ?? null,
  };
}

function remediesOf(timeline: Timeline, kind: 'acted' | 'takenBack', result: string): readonly string[] {
  return timeline.flatMap((step) => (step.kind === kind && step.result === result ? [step.remedy] : []));
}

function textOf(value: Seen[keyof Seen]): string {
  if (value === null) return 'none';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return value;
  return value.length === 0 ? 'none' : value.join(', then ');
}
