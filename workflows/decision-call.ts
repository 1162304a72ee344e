import { ANSWERS, type Answer, type Decision, type Proposal } from '../incident/approval.ts';

const TEXT_CHARACTERS_MAX = 300;
const KEYS: readonly string[] = ['plan', 'decision', 'by', 'reason'];
/** Paramedic itself, or a process of it, whatever it puts behind its name. */
const MACHINE = /^paramedic\b/i;

/** A question as it stands. */
export interface Asked extends Proposal {
  readonly untilMs: number;
  /** Null while nobody has decided. */
  readonly decision: Decision | null;
}

/**
 * A person's call as a decision on what is asked now.
 * @param asked null: nothing is
 * @throws a sentence that says why the call decides nothing.
 */
export function readDecision(call: unknown, asked: Asked | null, nowMs: number): Decision {
  if (typeof call !== 'object' || call === null || Array.isArray(call))
    throw new Error(`Cannot understand ${JSON.stringify(call)}: it must be {"plan": "…", "decision": "approve", "by": "your name"}.`);
  const unknown = Object.keys(call).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) throw new Error(`Cannot understand "${unknown}": only ${KEYS.join(', ')} may be given.`);
  const { plan, decision, by, reason } = call as Readonly<Record<string, unknown>>;
  const answer = answersTo(asked).find((one) => one === decision);
  if (answer === undefined)
    throw new Error(`Cannot understand the decision ${JSON.stringify(decision)}: it must be ${inWords(answersTo(asked))}.`);
  const name = text('by', by);
  if (name === '') throw new Error('Cannot take a decision of nobody: "by" must name the person who decides.');
  if (MACHINE.test(name))
    throw new Error(`Cannot take a decision by "${name}": Paramedic does not decide on what it asks itself. Name the person who does.`);
  whyNotNow(plan, asked, nowMs);
  return { decision: answer, by: name, reason: text('reason', reason) };
}

/** What can be answered now; where nothing is asked, all that could be. */
function answersTo(asked: Asked | null): readonly Answer[] {
  if (asked?.options) return asked.options.map(({ name }) => name);
  return asked === null ? ANSWERS : ['approve', 'decline'];
}

function inWords(answers: readonly Answer[]): string {
  const quoted = answers.map((one) => `"${one}"`);
  return [quoted.slice(0, -1).join(', '), ...quoted.slice(-1)].filter(Boolean).join(' or ');
}

function whyNotNow(plan: unknown, asked: Asked | null, nowMs: number): void {
  if (asked === null) throw new Error('Nothing is asked of anybody now.');
  if (plan !== asked.id) throw new Error(`Plan ${JSON.stringify(plan)} is not asked about now; it is ${asked.id}: ${asked.plan}.`);
  if (asked.decision !== null) throw new Error(`Plan ${asked.id} is decided: ${asked.decision.decision} by ${asked.decision.by}.`);
  if (nowMs >= asked.untilMs) throw new Error(`Plan ${asked.id} could be decided on until ${asked.expiresAt}.`);
}

function text(key: string, value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string' || value.length > TEXT_CHARACTERS_MAX || /\p{Cc}/u.test(value))
    throw new Error(`Cannot understand "${key}": it must be one line of at most ${TEXT_CHARACTERS_MAX} characters.`);
  return value.normalize('NFKC').trim();
}
