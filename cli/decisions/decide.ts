import type { Heard } from '../../clients/decision-desk.ts';
import { NoAnswer } from '../../clients/permit-offices.ts';
import type { Answer } from '../../incident/approval.ts';
import type { Person } from '../../incident/person.ts';
import { decisionDesk } from '../../worker/decision-desk.ts';
import { taskQueueOf } from '../../worker/settings.ts';
import { type IncidentRecord, withIncidents } from '../incidents/connect.ts';
import { printable } from '../printable.ts';
import { ANSWER_WITHIN_MS } from './answer-within.ts';

/** What `approve`, `reject` and `decide` take. */
export interface DecisionOptions {
  readonly plan?: string;
  readonly reason?: string;
  readonly by: string;
  readonly data: string;
  readonly json?: true;
}

/** A decision an incident took. */
interface Decided {
  readonly incident: string;
  readonly decision: Answer;
  readonly by: string;
  /** The plan's id. */
  readonly plan: string;
  /** What it does; null where only its id was given. */
  readonly text: string | null;
}

export function printDecision(incident: string, decision: Decided['decision'], options: DecisionOptions): Promise<void> {
  const { data, json, ...given } = options;
  return withIncidents(data, async (record) => {
    const decided = await sendDecision(record, incident, decision, given);
    process.stdout.write(json ? `${JSON.stringify(decided)}\n` : decidedText(decided));
  });
}

/** @throws one sentence when there is no such incident, no worker, or the incident refuses the decision. */
async function sendDecision(
  { client, settings }: IncidentRecord,
  incident: string,
  decision: Decided['decision'],
  { plan, reason, by }: Pick<DecisionOptions, 'plan' | 'reason' | 'by'>,
): Promise<Decided> {
  const desk = decisionDesk(client, taskQueueOf(settings.PARAMEDIC_CLUSTER), ANSWER_WITHIN_MS);
  const who: Person = { id: by, name: by, way: 'commandLine', groups: [] };
  const heard = await desk.decide({ incident, plan: plan ?? null, decision, who, reason: reason ?? '' }).catch((error) => {
    throw error instanceof NoAnswer ? new Error(`${error.message} Is a worker running?`, { cause: error }) : error;
  });
  if (heard.kind !== 'taken') throw new Error(refusedText(heard, incident, settings.TEMPORAL_ADDRESS));
  return { incident, decision, by, plan: heard.plan, text: heard.text };
}

function refusedText({ kind, why }: Exclude<Heard, { readonly kind: 'taken' }>, incident: string, address: string): string {
  if (kind === 'notOpen') return `There is no open incident "${incident}" at ${address}. See "paramedic incidents list --open".`;
  return printable(why);
}

const ONCE = 'It is done once the guards let it.';
/** What is said of a decision that was taken, before and after the name of the person. */
const WORDS: Readonly<Record<Answer, readonly [string, string]>> = {
  approve: ['is approved by', ONCE],
  reject: ['is rejected by', 'Nothing is done, and the incident is yours.'],
  escalate: ['is handed on by', 'Nothing is done, and another person is told.'],
  rollBack: ['is decided: rollBack, by', ONCE],
  freeze: ['is decided: freeze, by', ONCE],
  retrain: ['is decided: retrain, by', ONCE],
  ignore: ['is decided: ignore, by', 'Nothing is done.'],
};

function decidedText({ incident, decision, by, plan, text }: Decided): string {
  const [how, then] = WORDS[decision];
  return printable(`Plan ${plan} of ${incident}${text === null ? '' : ` (${text})`} ${how} ${by}. ${then}`).concat('\n');
}
