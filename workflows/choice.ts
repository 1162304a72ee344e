import { condition, workflowInfo } from '@temporalio/workflow';
import type { Decision } from '../incident/approval.ts';
import type { Diagnosis } from '../incident/diagnosis.ts';
import { type Offer, optionsText } from '../incident/option.ts';
import { targetText } from '../incident/target.ts';
import type { Alerts } from './alerts.ts';
import type { Chart } from './chart.ts';
import type { Asked } from './decision-call.ts';
import type { Chain } from './escalation-chain.ts';
import type { IncidentInput } from './messages.ts';
import { openQuestions } from './question.ts';

const LOOK_EVERY_MS = 60_000;
/** So many looks at most while a person thinks. */
const LOOKS_MAX = 30;

/** `lookAgain`: all is to be looked at before anything else. `none`: nobody decided. */
type Chosen =
  | { readonly kind: 'chosen'; readonly offer: Offer; readonly decision: Decision }
  | { readonly kind: 'lookAgain' }
  | { readonly kind: 'none'; readonly reason: string };

/** What a person is asked to choose from. */
interface Choices {
  readonly offers: readonly Offer[];
  readonly diagnosis: Diagnosis;
  readonly briefing: readonly string[];
  /** So many alerts had joined when it was looked at. */
  readonly joined: number;
}

/** The one decision that an incident asks of a person. */
export interface Choice {
  /**
   * Asks a person, or says what they chose: only once all was looked at again, and what can be chosen is the same.
   * @param offersNow what could be chosen now; null where that cannot be told
   * @throws when a decision cannot be written down.
   */
  of(choices: Choices, offersNow: () => Promise<readonly Offer[] | null>): Promise<Chosen>;
  /** Nothing is asked any more, and what was chosen is used up. */
  end(): void;
}

export function openChoice(input: IncidentInput, chart: Chart, alerts: Alerts, chain: Chain): Choice {
  const { target, runbook } = input;
  const { workflowId: incident } = workflowInfo();
  const questions = openQuestions(input, chart, alerts.raisedBy, chain);
  /** The decision is written down. */
  let isChosen = false;

  function end(): void {
    questions.end();
    isChosen = false;
  }

  function ask({ offers, diagnosis, briefing }: Choices): Promise<Asked> {
    const options = offers.map(({ name, does }) => ({ name, does }));
    const plan = optionsText(options);
    const text = {
      ...{ plan, options, briefing },
      reason: `${diagnosis.reasons.join(' ')} ${targetText(target)} is left as it is until a person decides.`,
      nextStep: ({ id, expiresAt }: Pick<Asked, 'id' | 'expiresAt'>) =>
        `Decide until ${expiresAt} with: paramedic decide ${incident} ${options.map(({ name }) => name).join('|')} --plan ${id}. Without a decision nothing is done.`,
      told: ({ id, expiresAt }: Pick<Asked, 'id' | 'expiresAt'>) =>
        `A decision is asked, ${id}: ${plan} Without one until ${expiresAt.slice(11, 19)} nothing is done.`,
    };
    return questions.begin(subjectOf(offers), text, diagnosis);
  }

  /** Waits for a decision, and looks meanwhile whether the same can still be decided. True: all is to be looked at. */
  async function wait(asked: Asked, { joined }: Choices, offersNow: () => Promise<readonly Offer[] | null>): Promise<boolean> {
    const { id, untilMs } = asked;
    const lookEveryMs = Math.max(LOOK_EVERY_MS, (runbook.approval.withinSeconds * 1000) / LOOKS_MAX);
    const isNews = () => alerts.areOver() || alerts.joined() > joined;
    while (Date.now() < untilMs) {
      await condition(() => questions.isDecided() || isNews(), Math.max(1, Math.min(lookEveryMs, untilMs - Date.now())), {
        summary: 'Wait for a decision; then look whether there is still something to decide on',
      });
      if (questions.isDecided()) return false;
      if (isNews()) return true;
      const offers = await offersNow();
      if (questions.isDecided()) return false;
      if (offers !== null && questions.idOf(subjectOf(offers)) !== id) return true;
    }
    return false;
  }

  async function voided(why: string): Promise<void> {
    const asked = questions.now();
    const text = `Decision ${asked?.id} is no longer asked, and holds no longer: ${why}.`;
    end();
    chart.tell(text);
    chart.answered(text);
    await chart.record('Voided', text, { ...(asked ? { plan: asked.id } : {}) });
  }

  async function decided(): Promise<Chosen> {
    const { id, decision, expiresAt } = questions.now()!;
    if (decision === null) {
      end();
      const reason = `Nobody decided on ${id} until ${expiresAt}, so that nothing was done.`;
      chart.answered(reason);
      await chart.record('Rejected', reason, { plan: id });
      return { kind: 'none', reason };
    }
    const { by, who, decision: answer } = decision;
    const because = decision.reason === '' ? '.' : `: ${decision.reason}`;
    if (answer === 'escalate') {
      end();
      const reason = `${by} wants another person to decide, so that nothing was done${because}`;
      chart.answered(reason);
      await chart.record('HandedOn', reason, { plan: id, who, answer });
      return { kind: 'none', reason };
    }
    questions.settle();
    const text = `${by} decided ${answer} (${id})${because}`;
    chart.tell(text);
    chart.answered(text);
    await chart.record('Decided', text, { plan: id, who, answer });
    isChosen = true;
    // It may be long ago that it was asked.
    return { kind: 'lookAgain' };
  }

  return {
    end,

    async of(choices, offersNow) {
      const asked = questions.now();
      if (asked !== null && asked.id !== questions.idOf(subjectOf(choices.offers))) await voided('what could be done has changed');
      else if (asked !== null && isChosen) {
        const offer = choices.offers.find(({ name }) => name === asked.decision?.decision);
        if (Date.now() < asked.untilMs && offer && asked.decision) return { kind: 'chosen', offer, decision: asked.decision };
        await voided(`it held until ${asked.expiresAt}`);
      }
      if (questions.now() === null && questions.isTooOften())
        return {
          kind: 'none',
          reason: `A decision was asked ${questions.count()} times, and each time what could be decided had changed.`,
        };
      const question = questions.now() ?? (await ask(choices));
      questions.enter();
      return (await wait(question, choices, offersNow)) ? { kind: 'lookAgain' } : decided();
    },
  };
}

/** What a decision is bound to: the same answers, each doing the same to the same object. */
function subjectOf(offers: readonly Offer[]): readonly unknown[] {
  return offers.map(({ name, plan }) => (plan === null ? [name] : [name, plan.change, plan.uid, plan.generation]));
}
