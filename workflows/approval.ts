import { condition, workflowInfo } from '@temporalio/workflow';
import { approvalSubject } from '../incident/approval.ts';
import { consequencesOf } from '../incident/consequences.ts';
import type { Diagnosis } from '../incident/diagnosis.ts';
import type { Plan } from '../incident/plan.ts';
import { targetText } from '../incident/target.ts';
import type { View } from '../incident/view.ts';
import type { Alerts } from './alerts.ts';
import { examine } from './calls.ts';
import type { Chart } from './chart.ts';
import type { Asked } from './decision-call.ts';
import type { Chain } from './escalation-chain.ts';
import type { IncidentInput } from './messages.ts';
import { openQuestions, type QuestionText } from './question.ts';
import { settled } from './settled.ts';

const LOOK_EVERY_MS = 60_000;
/** So many looks at most while a person thinks. */
const LOOKS_MAX = 30;

/** `lookAgain`: the target is to be looked at before anything else. `no`: it was rejected, by a person or by silence. */
type Answer =
  | { readonly kind: 'approved' | 'lookAgain' }
  | { readonly kind: 'no'; readonly reason: string /** A person knows already. */; readonly byPerson: boolean };

/** An incident's leave from people: asked before the guards are, and loosening none of them. */
export interface Approval {
  /**
   * Asks a person about a plan, or says what they answered. Approved only once the target was looked at again and the plan is the same.
   * @throws when an approval cannot be written down.
   */
  of(plan: Plan, planText: string, diagnosis: Diagnosis): Promise<Answer>;
  /** Nothing is asked any more, and what was approved is used up. */
  end(): void;
}

/** @param view how the target is looked at */
export function openApproval(input: IncidentInput, chart: Chart, alerts: Alerts, view: View, chain: Chain): Approval {
  const { target, runbook } = input;
  const { workflowId: incident } = workflowInfo();
  const questions = openQuestions(input, chart, alerts.raisedBy, chain);
  /** The decision is written down. */
  let isApproved = false;

  function end(): void {
    questions.end();
    isApproved = false;
  }

  function textOf(plan: string, of: Plan): QuestionText {
    return {
      plan,
      consequences: consequencesOf(of),
      reason: `${targetText(target)} needs ${plan}, and the runbook ${runbook.name} asks a person first.`,
      nextStep: ({ id, expiresAt }) =>
        `Answer until ${expiresAt} with: paramedic approve ${incident} --plan ${id} (or reject). No answer is no.`,
      told: ({ id, expiresAt }) => `Leave is asked for plan ${id}: ${plan}. Silence until ${expiresAt.slice(11, 19)} is no.`,
    };
  }

  /** Waits for a decision, and looks meanwhile whether there is still something to decide on. True: the target is to be looked at. */
  async function wait(plan: Plan, { untilMs }: Asked, { cause }: Diagnosis): Promise<boolean> {
    const lookEveryMs = Math.max(LOOK_EVERY_MS, (runbook.approval.withinSeconds * 1000) / LOOKS_MAX);
    const wereOver = alerts.areOver();
    while (Date.now() < untilMs) {
      const isToldOver = () => alerts.areOver() && !wereOver;
      await condition(() => questions.isDecided() || isToldOver(), Math.max(1, Math.min(lookEveryMs, untilMs - Date.now())), {
        summary: 'Wait for a decision; then look whether there is still something to decide on',
      });
      if (questions.isDecided()) return false;
      if (isToldOver()) return true;
      const seen = await settled(() => examine(target, view));
      if (questions.isDecided()) return false;
      if (seen.kind === 'failed' && seen.type === 'TargetGone') return true;
      if (seen.kind === 'failed') continue;
      const { evidence, diagnosis } = seen.value;
      if (evidence.uid !== plan.uid || evidence.generation !== plan.generation || diagnosis.cause !== cause) return true;
    }
    return false;
  }

  return {
    end,

    async of(plan, planText, diagnosis) {
      const subject = approvalSubject(plan);
      const asked = questions.now();
      if (asked !== null && asked.id !== questions.idOf(subject)) await voided('the target or the plan has changed');
      else if (asked !== null && isApproved) {
        if (Date.now() < asked.untilMs) return { kind: 'approved' };
        await voided(`it held until ${asked.expiresAt}`);
      }
      if (questions.now() === null && questions.isTooOften())
        return {
          kind: 'no',
          reason: `Leave was asked ${questions.count()} times, and each time it came to nothing; ${planText} is next.`,
          byPerson: false,
        };
      const proposal = questions.now() ?? (await questions.begin(subject, textOf(planText, plan), diagnosis));
      questions.enter();
      return (await wait(plan, proposal, diagnosis)) ? { kind: 'lookAgain' } : answered(planText);
    },
  };

  async function voided(why: string): Promise<void> {
    const asked = questions.now();
    const text = `Plan ${asked?.id} (${asked?.plan}) is no longer asked about or approved: ${why}.`;
    end();
    chart.tell(text);
    chart.answered(text);
    await chart.record('Voided', text, { ...(asked ? { plan: asked.id } : {}) });
  }

  async function answered(planText: string): Promise<Answer> {
    const { id, decision, expiresAt } = questions.now()!;
    if (decision === null) {
      end();
      const reason = `Nobody decided on plan ${id} until ${expiresAt}, which is no: ${planText} was not done.`;
      chart.answered(reason);
      await chart.record('Rejected', reason, { plan: id });
      return { kind: 'no', reason, byPerson: false };
    }
    const { by, who, decision: answer } = decision;
    const because = decision.reason === '' ? '.' : `: ${decision.reason}`;
    if (answer === 'reject') {
      end();
      const reason = `${by} rejected plan ${id}, so that ${planText} was not done${because}`;
      chart.answered(reason);
      await chart.record('Rejected', reason, { plan: id, who, answer });
      return { kind: 'no', reason, byPerson: true };
    }
    if (answer === 'escalate') {
      end();
      const reason = `${by} wants another person to decide, so that ${planText} was not done${because}`;
      chart.answered(reason);
      await chart.record('HandedOn', reason, { plan: id, who, answer });
      return { kind: 'no', reason, byPerson: false };
    }
    questions.settle();
    chart.tell(`${by} approved plan ${id}${because}`);
    chart.answered(`${by} approved plan ${id}${because}`);
    await chart.record('Approved', `${by} approved plan ${id}, ${planText}${because}`, { plan: id, who, answer });
    isApproved = true;
    // It may be long ago that the plan was made.
    return { kind: 'lookAgain' };
  }
}
