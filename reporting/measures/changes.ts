import type { Act } from '../acts.ts';
import type { Judgement } from '../history/run.ts';
import type { Case } from './case.ts';
import { figureOf, groupsOf } from './counting.ts';
import type { Report } from './report.ts';

/** What fails again so soon after it was healed was not healed for good. */
const RELAPSE_MS = 86_400_000;

/** What was changed, and what of that was wrong. @param before incidents that were over before the period */
export function changesOf(cases: readonly Case[], before: readonly Case[], judgements: readonly Judgement[] | null): Report['changes'] {
  const acts = cases.flatMap(({ number, acts: own }) => own.map((act) => ({ number, ...act })));
  const made = acts.filter((act) => act.made !== 'notMade');
  const verdicts = (remedy: string) =>
    groupsOf(
      made.filter((act) => act.remedy === remedy),
      verdictOf,
    );
  return {
    made: figureOf(made),
    byRemedy: groupsOf(made, ({ remedy }) => remedy).map((group) => ({ ...group, verdicts: verdicts(group.name) })),
    worse: figureOf(made.filter(({ verdict }) => verdict === 'worse')),
    takenBack: figureOf(made.filter(({ takenBack }) => takenBack === 'yes')),
    notTakenBack: figureOf(made.filter(({ takenBack }) => takenBack === 'failed')),
    notHelped: figureOf(made.filter(({ verdict }) => verdict === 'notRecovered')),
    unknown: figureOf(made.filter((act) => act.made === 'unknown' || verdictOf(act) === 'unknown')),
    judgedWrong: judgements && figureOf(cases.filter((one) => lastWord(one, cases, judgements)?.says === 'wrong')),
    dismissed: figureOf(cases.filter(({ outcome }) => outcome === 'dismissed')),
    relapses: figureOf(relapsesIn(cases, before)),
  };
}

/** Incidents that were opened in the period on what had been healed within a day before. */
function relapsesIn(cases: readonly Case[], before: readonly Case[]): readonly Case[] {
  const healed = [...before, ...cases].filter(({ recoveredMs, target }) => recoveredMs !== null && target !== null);
  const isAfter = (one: Case) => (other: Case) =>
    other !== one &&
    other.target === one.target &&
    other.cluster === one.cluster &&
    one.openedMs >= other.recoveredMs! &&
    one.openedMs - other.recoveredMs! <= RELAPSE_MS;
  return cases.filter((one) => one.isOpenedWithin && healed.some(isAfter(one)));
}

/** What was said of an incident last; without a run, it is said of the newest by then. */
function lastWord(one: Case, cases: readonly Case[], judgements: readonly Judgement[]): Judgement | undefined {
  const isNewestAt = (atMs: number) =>
    one.openedMs <= atMs && !cases.some(({ story, openedMs }) => story.id === one.story.id && openedMs > one.openedMs && openedMs <= atMs);
  const isOf = ({ incident, run, atMs }: Judgement) =>
    incident === one.story.id && (run === null ? isNewestAt(atMs) : one.story.runs.some((own) => own.run === run));
  return judgements
    .filter(isOf)
    .toSorted((word, other) => word.atMs - other.atMs)
    .at(-1);
}

function verdictOf({ verdict }: Act): string {
  return verdict ?? 'no verdict';
}
