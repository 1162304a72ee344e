import { type ApprovalRules, type Matter, whyNotApprover } from '../guards/people/approvers.ts';
import { ANSWERS, type Answer, type Decision, type Proposal } from '../incident/approval.ts';
import { readCaller, readLine } from './caller.ts';

const KEYS: readonly string[] = ['plan', 'decision', 'by', 'reason'];

/** A question as it stands. */
export interface Asked extends Proposal {
  readonly untilMs: number;
  /** Null while nobody has decided. */
  readonly decision: Decision | null;
}

/** What a person said, understood and not judged yet. */
export interface Said extends Decision {
  readonly plan: string;
}

/**
 * Understands a person's call.
 * @throws a sentence that says what cannot be understood.
 */
export function readDecision(call: unknown): Said {
  if (typeof call !== 'object' || call === null || Array.isArray(call))
    throw new Error(`Cannot understand ${JSON.stringify(call)}: it must be {"plan": "…", "decision": "approve", "by": "your name"}.`);
  const unknown = Object.keys(call).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) throw new Error(`Cannot understand "${unknown}": only ${KEYS.join(', ')} may be given.`);
  const { plan, decision, by, reason } = call as Readonly<Record<string, unknown>>;
  const answer = ANSWERS.find((one) => one === decision);
  if (answer === undefined) throw new Error(`Cannot understand the decision ${JSON.stringify(decision)}: it must be ${inWords(ANSWERS)}.`);
  if (typeof plan !== 'string') throw new Error('Cannot understand "plan": it must be the id of a plan, as it was shown.');
  const who = readCaller(by);
  return { plan: readLine('plan', plan), decision: answer, by: who.name, who, reason: readLine('reason', reason) };
}

/** Why what a person said decides nothing, as a sentence; null: it decides. @param asked null: nothing is */
export function whyRefused(
  { plan, decision, who }: Said,
  asked: Asked | null,
  rules: ApprovalRules,
  matter: Matter,
  nowMs: number,
): string | null {
  // Who may not decide is told no more than that.
  const mayNot = whyNotApprover(who, rules, matter);
  if (mayNot !== null) return mayNot;
  if (asked === null) return 'Nothing is asked of anybody now.';
  if (plan !== asked.id) return `Plan ${JSON.stringify(plan)} is not asked about now; it is ${asked.id}: ${asked.plan}.`;
  if (!answersTo(asked).includes(decision)) return `${decision} is no answer to ${asked.id}: it must be ${inWords(answersTo(asked))}.`;
  if (asked.decision !== null) return `Plan ${asked.id} is decided: ${asked.decision.decision} by ${asked.decision.by}.`;
  if (nowMs >= asked.untilMs) return `Plan ${asked.id} could be decided on until ${asked.expiresAt}.`;
  return null;
}

function answersTo({ options }: Asked): readonly Answer[] {
  return [...(options ? options.map(({ name }) => name) : (['approve', 'reject'] as const)), 'escalate'];
}

function inWords(answers: readonly Answer[]): string {
  const quoted = answers.map((one) => `"${one}"`);
  return [quoted.slice(0, -1).join(', '), ...quoted.slice(-1)].filter(Boolean).join(' or ');
}
