import { ApplicationFailure, setHandler, workflowInfo } from '@temporalio/workflow';
import { type Proposal, questionId } from '../incident/approval.ts';
import { whyOf } from '../incident/audit-why.ts';
import type { Consequences } from '../incident/consequences.ts';
import type { Diagnosis } from '../incident/diagnosis.ts';
import type { Option } from '../incident/option.ts';
import { type Person, personText } from '../incident/person.ts';
import type { Chart, Phase } from './chart.ts';
import { type Asked, readDecision, type Said, whyRefused } from './decision-call.ts';
import type { Chain, Telling } from './escalation-chain.ts';
import { asked as askedQuery, decide, type IncidentInput } from './messages.ts';

/** A target that keeps changing is no longer asked about: a person looks at it. */
const QUESTIONS_MAX = 5;
/** Past so many a call is refused before it leaves a trace, so that nobody fills the history. */
const REFUSALS_MAX = 50;

/** What a person is asked, in words. */
export interface QuestionText {
  /** What would be done, in one line. */
  readonly plan: string;
  /** What can be answered; left out where it is yes or no. */
  readonly options?: readonly Option[];
  readonly consequences?: Consequences;
  /** What to know before, a sentence each. */
  readonly briefing?: readonly string[];
  /** Why somebody is asked, as a sentence. */
  readonly reason: string;
  /** How to answer, as a sentence. */
  readonly nextStep: (proposal: Pick<Asked, 'id' | 'expiresAt'>) => string;
  /** What the story says of it. */
  readonly told: (proposal: Pick<Asked, 'id' | 'expiresAt'>) => string;
}

/** What an incident asks of people, one question at a time. */
export interface Questions {
  now(): Asked | null;
  isDecided(): boolean;
  /** It was asked so often in vain that it is not asked again. */
  isTooOften(): boolean;
  count(): number;
  /** The id the question has that was asked last, if it was about this. */
  idOf(subject: readonly unknown[]): string;
  /** @param subject what the answer would be bound to @throws when it cannot be written down */
  begin(subject: readonly unknown[], text: QuestionText, diagnosis: Diagnosis): Promise<Asked>;
  /** Enters the phase that the question is in. */
  enter(): void;
  /** Somebody decided: nobody need be told any more. */
  settle(): void;
  /** Nothing is asked any more. */
  end(): void;
}

/** @param requesters who raised the incident by hand, as far as is known now */
export function openQuestions(
  { target, runbook }: IncidentInput,
  chart: Chart,
  requesters: () => readonly Person[],
  chain: Chain,
): Questions {
  const { workflowId: incident, runId: run } = workflowInfo();
  let asked: Asked | null = null;
  let questions = 0;
  let phase: Phase = 'asking';
  let telling: Telling | null = null;
  let refusals = 0;

  setHandler(askedQuery, () => asked);
  setHandler(
    decide,
    async (call) => {
      const said = understood(call);
      // Of two calls that come together one is first, and the other finds it decided.
      const why = whyRefused(
        said,
        asked,
        runbook.approval,
        { runbook: runbook.name, namespace: target.namespace, requesters: requesters() },
        Date.now(),
      );
      if (why === null) {
        const { plan: _plan, ...decision } = said;
        asked = { ...asked!, decision };
        return;
      }
      refusals++;
      chart.tell(`Refused: ${said.decision} of plan ${said.plan} by ${said.by}. ${why}`);
      const { who, plan, decision: answer } = said;
      await chart.record('DecisionRefused', `${personText(who)} was refused to ${answer} plan ${plan}: ${why}`, { who, plan, answer });
      throw ApplicationFailure.nonRetryable(why, 'DecisionRefused');
    },
    {
      validator(call) {
        understood(call);
        if (refusals >= REFUSALS_MAX)
          throw ApplicationFailure.nonRetryable(`${REFUSALS_MAX} decisions were refused here; no more are looked at.`, 'DecisionRefused');
      },
    },
  );

  function understood(call: unknown): Said {
    try {
      return readDecision(call);
    } catch (error) {
      throw ApplicationFailure.nonRetryable((error as Error).message, 'DecisionNotUnderstood');
    }
  }

  function tell(begun: Asked, text: QuestionText, diagnosis: Diagnosis): Telling {
    const { reason, briefing } = text;
    const proposal = proposalOf(begun);
    const nextStep = text.nextStep(proposal);
    const message = { incident, run, target, diagnosis, proposal, reason, nextStep, ...(briefing ? { briefing } : {}) };
    const shown = {
      tell: chart.tell,
      enter(entered: Phase) {
        phase = entered;
        chart.enter(entered);
      },
    };
    return chain.ask(message, shown);
  }

  function settle(): void {
    const decision = asked?.decision;
    telling?.over(decision ? `${decision.by} decided: ${decision.decision}.` : 'It is no longer asked.');
    telling = null;
    chart.ask(null);
  }

  return {
    now: () => asked,
    isDecided: () => asked?.decision !== null,
    isTooOften: () => questions >= QUESTIONS_MAX,
    count: () => questions,
    idOf: (subject) => questionId(subject, { run, number: questions }),
    enter: () => chart.enter(phase),
    settle,

    end() {
      settle();
      asked = null;
    },

    async begin(subject, text, diagnosis) {
      const untilMs = Date.now() + runbook.approval.withinSeconds * 1000;
      const id = questionId(subject, { run, number: ++questions });
      const { plan, options, consequences } = text;
      const expiresAt = new Date(untilMs).toISOString();
      const begun: Asked = {
        id,
        plan,
        untilMs,
        expiresAt,
        decision: null,
        ...(options ? { options } : {}),
        ...(consequences ? { consequences } : {}),
      };
      asked = begun;
      chart.ask({ ...proposalOf(begun), reason: text.reason, diagnosis, briefing: text.briefing ?? [] });
      chart.tell(text.told(begun));
      await chart.record('Asked', `Plan ${id}: ${plan}, until ${expiresAt}.`, { plan: id, ...whyOf(diagnosis) });
      phase = 'asking';
      telling = tell(begun, text, diagnosis);
      return begun;
    },
  };
}

function proposalOf({ untilMs: _until, decision: _decision, ...proposal }: Asked): Proposal {
  return proposal;
}
