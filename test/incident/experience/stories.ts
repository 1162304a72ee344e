import type { Lesson, Tried, TryEnd } from '../../../incident/experience/lesson.ts';
import { learned } from '../../../incident/experience/lessons.ts';
import { type Experience, NO_EXPERIENCE } from '../../../incident/experience/record.ts';
import type { RemedyName } from '../../../incident/remedy.ts';
import type { Target } from '../../../incident/target.ts';

export const NOW_MS = Date.parse('2026-03-02T10:00:00Z');
export const DAY_MS = 86_400_000;

export const target = (name = 'ranker'): Target => ({ cluster: 'prod', namespace: 'ml', kind: 'Deployment', name });

export const tried = (remedy: RemedyName, end: TryEnd, seconds = 40): Tried => ({
  ...{ cause: 'bad-model-version', remedy, end },
  seconds: end === 'recovered' ? seconds : null,
  isFirst: false,
});

let incidents = 0;

/** What an incident teaches in which these were tried, a minute each. */
export function lesson(acts: readonly Tried[], change: Partial<Lesson> = {}): Lesson {
  const number = ++incidents;
  const openedMs = change.openedMs ?? NOW_MS;
  return {
    incident: `outage/prod/ml/Deployment/ranker-${number}`,
    run: `run-${number}`,
    target: target(`ranker-${number}`),
    openedMs,
    curedMs: acts.at(-1)?.end === 'recovered' ? openedMs + acts.length * 60_000 : null,
    tried: acts.map((act, index) => ({ ...act, isFirst: index === 0 })),
    decisions: [],
    observed: null,
    relapseSeconds: 1_800,
    ...change,
  };
}

/** What is known after these, all of them learned at once. */
export function knownAfter(lessons: readonly Lesson[], before: Experience = NO_EXPERIENCE, nowMs = NOW_MS): Experience {
  return lessons.reduce((known, one) => learned(known, one, nowMs), before);
}

/** So many of the same. */
export function times<T>(count: number, make: () => T): T[] {
  return Array.from({ length: count }, make);
}
