import { ApplicationFailure, CancellationScope, condition, setHandler, workflowInfo } from '@temporalio/workflow';
import { type Decision, proposalId } from '../incident/approval.ts';
import type { Diagnosis } from '../incident/diagnosis.ts';
import type { Plan } from '../incident/plan.ts';
import { targetText } from '../incident/target.ts';
import type { View } from '../incident/view.ts';
import type { Alerts } from './alerts.ts';
import { askApproval, examine } from './calls.ts';
import type { Chart, Phase } from './chart.ts';
import { type Asked, readDecision } from './decision-call.ts';
import { asked as askedQuery, decide, type IncidentInput } from './messages.ts';
import { settled } from './settled.ts';
import { tellUntilTaken } from './telling.ts';

/** A target that keeps changing is no longer asked about: a person looks at it. */
const QUESTIONS_MAX = 5;
const LOOK_EVERY_MS = 60_000;
/** So many looks at most while a person thinks. */
const LOOKS_MAX = 30;

/** `lookAgain`: the target is to be looked at before anything else. `no`: it was declined, by a person or by silence. */
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
export function openApproval({ target, runbook }: IncidentInput, chart: Chart, alerts: Alerts, view: View): Approval {
  const { workflowId: incident, runId: run } = workflowInfo();
  let asked: Asked | null = null;
  /** The decision is written down. */
  let isApproved = false;
  let questions = 0;
  let phase: Phase = 'asking';
  let telling = new CancellationScope();

  setHandler(askedQuery, () => asked);
  setHandler(
    decide,
    (call) => {
      const decision = readOrRefuse(call);
      // `readDecision` throws where nothing is asked.
      asked = { ...asked!, decision };
    },
    { validator: (call) => void readOrRefuse(call) },
  );

  /** Once more in the handler: of two calls that come together both are found valid, and one is first. */
  function readOrRefuse(call: unknown): Decision {
    try {
      return readDecision(call, asked, Date.now());
    } catch (error) {
      throw ApplicationFailure.nonRetryable((error as Error).message, 'DecisionRefused');
    }
  }

  function end(): void {
    telling.cancel();
    asked = null;
    isApproved = false;
    chart.ask(null);
  }

  async function begin(plan: Plan, planText: string, diagnosis: Diagnosis): Promise<Asked> {
    const untilMs = Date.now() + runbook.approval.withinSeconds * 1000;
    const id = proposalId(plan, { run, number: ++questions });
    const begun: Asked = { id, plan: planText, untilMs, expiresAt: new Date(untilMs).toISOString(), decision: null };
    asked = begun;
    chart.ask(begun);
    chart.tell(`Leave is asked for plan ${id}: ${planText}. Silence until ${begun.expiresAt.slice(11, 19)} is no.`);
    await chart.record('Asked', `Plan ${id}: ${planText}, until ${begun.expiresAt}.`);
    phase = 'asking';
    telling = new CancellationScope();
    // A decision may come before a channel has taken the question.
    telling.run(() => tell(begun, diagnosis)).catch(() => undefined);
    return begun;
  }

  async function tell(proposal: Asked, diagnosis: Diagnosis): Promise<void> {
    const { id, plan, expiresAt } = proposal;
    const reason = `${targetText(target)} needs ${plan}, and the runbook ${runbook.name} asks a person first.`;
    const nextStep = `Answer until ${expiresAt} with: paramedic approve ${incident} --plan ${id} (or decline). No answer is no.`;
    const message = { incident, run, target, diagnosis, proposal: { id, plan, expiresAt }, reason, nextStep };
    const shown = {
      tell: chart.tell,
      enter(entered: Phase) {
        phase = entered;
        chart.enter(entered);
      },
    };
    await tellUntilTaken((patience) => askApproval(patience, message), shown, 'asking');
  }

  /** Waits for a decision, and looks meanwhile whether there is still something to decide on. True: the target is to be looked at. */
  async function wait(plan: Plan, { untilMs }: Asked, { cause }: Diagnosis): Promise<boolean> {
    const lookEveryMs = Math.max(LOOK_EVERY_MS, (runbook.approval.withinSeconds * 1000) / LOOKS_MAX);
    const wereOver = alerts.areOver();
    while (Date.now() < untilMs) {
      const isToldOver = () => alerts.areOver() && !wereOver;
      await condition(() => isDecided() || isToldOver(), Math.max(1, Math.min(lookEveryMs, untilMs - Date.now())));
      if (isDecided()) return false;
      if (isToldOver()) return true;
      const seen = await settled(() => examine(target, view));
      if (isDecided()) return false;
      if (seen.kind === 'failed' && seen.type === 'TargetGone') return true;
      if (seen.kind === 'failed') continue;
      const { evidence, diagnosis } = seen.value;
      if (evidence.uid !== plan.uid || evidence.generation !== plan.generation || diagnosis.cause !== cause) return true;
    }
    return false;
  }

  function isDecided(): boolean {
    return asked?.decision !== null;
  }

  return {
    end,

    async of(plan, planText, diagnosis) {
      if (asked !== null && asked.id !== proposalId(plan, { run, number: questions })) await voided('the target or the plan has changed');
      if (asked !== null && isApproved) {
        if (Date.now() < asked.untilMs) return { kind: 'approved' };
        await voided(`it held until ${asked.expiresAt}`);
      }
      if (asked === null && questions >= QUESTIONS_MAX)
        return {
          kind: 'no',
          reason: `Leave was asked ${questions} times, and each time it came to nothing; ${planText} is next.`,
          byPerson: false,
        };
      const proposal: Asked = asked ?? (await begin(plan, planText, diagnosis));
      chart.enter(phase);
      return (await wait(plan, proposal, diagnosis)) ? { kind: 'lookAgain' } : answered(planText);
    },
  };

  async function voided(why: string): Promise<void> {
    const text = `Plan ${asked?.id} (${asked?.plan}) is no longer asked about or approved: ${why}.`;
    end();
    chart.tell(text);
    await chart.record('Voided', text);
  }

  async function answered(planText: string): Promise<Answer> {
    const { id, decision, expiresAt } = asked!;
    if (decision === null) {
      end();
      const reason = `Nobody decided on plan ${id} until ${expiresAt}, which is no: ${planText} was not done.`;
      await chart.record('Declined', reason);
      return { kind: 'no', reason, byPerson: false };
    }
    const { by } = decision;
    const because = decision.reason === '' ? '.' : `: ${decision.reason}`;
    if (decision.decision === 'decline') {
      end();
      const reason = `${by} declined plan ${id}, so that ${planText} was not done${because}`;
      await chart.record('Declined', reason);
      return { kind: 'no', reason, byPerson: true };
    }
    telling.cancel();
    chart.ask(null);
    chart.tell(`${by} approved plan ${id}${because}`);
    await chart.record('Approved', `${by} approved plan ${id}, ${planText}${because}`);
    isApproved = true;
    // It may be long ago that the plan was made.
    return { kind: 'lookAgain' };
  }
}
