import type { Case } from './case.ts';
import { figureOf, shareOf } from './counting.ts';
import type { Report } from './report.ts';

/** A person was needed, or there was something that Paramedic healed. */
const TO_HEAL: readonly (string | null)[] = ['recovered', 'escalated', 'contained', 'cancelled', 'broken'];
/** Ends of which people may have been spared to hear. */
const SPARED: readonly (string | null)[] = ['recovered', 'selfResolved', 'escalated', 'contained'];

/** How much was healed without a person. */
export function healingOf(cases: readonly Case[]): Report['healing'] {
  const ended = endedFailures(cases);
  const recovered = ended.filter(({ outcome }) => outcome === 'recovered');
  const selfResolved = ended.filter(({ outcome }) => outcome === 'selfResolved');
  const alone = recovered.filter((one) => !hasPerson(one));
  const toHeal = figureOf(ended.filter(({ outcome }) => TO_HEAL.includes(outcome)));
  const judged = figureOf(ended.filter(({ outcome }) => TO_HEAL.includes(outcome) || outcome === 'selfResolved'));
  const endedWithoutPerson = figureOf([...alone, ...selfResolved.filter((one) => !hasPerson(one))]);
  return {
    ...{ toHeal, withoutPerson: figureOf(alone), share: shareOf(figureOf(alone), toHeal) },
    needed: figureOf(ended.filter((one) => TO_HEAL.includes(one.outcome) && hasPerson(one))),
    ...{ judged, endedWithoutPerson, endedShare: shareOf(endedWithoutPerson, judged) },
    selfResolved: figureOf(selfResolved),
    withRest: figureOf(alone.filter(({ sent }) => sent !== null && sent.length > 0)),
    withPerson: figureOf(recovered.filter(hasPerson)),
  };
}

/** Whom it told, and of how much it did not. */
export function pagesOf(cases: readonly Case[], { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number }): Report['pages'] {
  const sent = cases.flatMap((one) => one.sent?.filter(({ atMs }) => atMs >= fromMs && atMs < toMs) ?? []);
  const spared = endedFailures(cases).filter((one) => SPARED.includes(one.outcome) && !wasTold(one));
  return {
    avoided: figureOf(spared),
    told: figureOf(cases.filter(wasTold)),
    messages: cases.some((one) => one.sent === null) ? null : sent.length,
  };
}

/** Those of one target, so that there was something to heal. */
function endedFailures(cases: readonly Case[]): readonly Case[] {
  return cases.filter(({ isEndedWithin, failureType }) => isEndedWithin && failureType !== 'commonCause');
}

/** A person was asked, was needed, or had a hand in it. Whoever raised it by hand only told of it. */
export function hasPerson({ story }: Pick<Case, 'story'>): boolean {
  return story.entries.some(({ step, who }) => step === 'Escalated' || step === 'Asked' || (who !== undefined && step !== 'Opened'));
}

/** People heard of it. What a trail holds does not tell whether somebody who is needed had heard already. */
function wasTold(one: Case): boolean {
  return one.sent === null ? one.story.entries.some(({ step }) => step === 'Escalated' || step === 'Asked') : one.sent.length > 0;
}
