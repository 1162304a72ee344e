import { WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import type { Answer } from '../../incident/approval.ts';
import type { Asked } from '../../workflows/decision-call.ts';
import { asked, decide } from '../../workflows/messages.ts';
import { type IncidentRecord, withIncidents } from '../incidents/connect.ts';
import { printable } from '../printable.ts';

/** Without a worker nobody takes a decision. */
const ANSWER_WITHIN_MS = 15_000;
/** gRPC's number for a deadline that has passed. */
const DEADLINE_EXCEEDED = 4;

/** What `approve`, `decline` and `decide` take. */
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
  const handle = client.workflow.getHandle(incident);
  try {
    return await client.withDeadline(Date.now() + ANSWER_WITHIN_MS, async () => {
      const question = await handle.query(asked);
      const id = plan ?? idOf(question, incident);
      await handle.executeUpdate(decide, { args: [{ plan: id, decision, by, ...(reason === undefined ? {} : { reason }) }] });
      return { incident, decision, by, plan: id, text: question?.id === id ? textOf(question, decision) : null };
    });
  } catch (error) {
    throw new Error(whyNot(error, incident, settings.TEMPORAL_ADDRESS), { cause: error });
  }
}

/** Of several options, the one that was chosen. */
function textOf({ plan, options }: Asked, decision: Answer): string {
  return options?.find(({ name }) => name === decision)?.does ?? plan;
}

function idOf(question: Asked | null, incident: string): string {
  if (question === null) throw new Error(`The incident "${incident}" asks nothing now. See "paramedic incidents show ${incident}".`);
  return question.id;
}

function whyNot(error: unknown, incident: string, address: string): string {
  if (error instanceof WorkflowUpdateFailedError) return printable(error.cause?.message ?? error.message);
  if (error instanceof WorkflowNotFoundError)
    return `There is no open incident "${incident}" at ${address}. See "paramedic incidents list --open".`;
  const { code, cause, message } = error as { code?: number; cause?: { code?: number }; message: string };
  if (code === DEADLINE_EXCEEDED || cause?.code === DEADLINE_EXCEEDED)
    return `The incident "${incident}" did not answer within ${ANSWER_WITHIN_MS / 1000} s, and nothing may have been decided. Is a worker running?`;
  return message;
}

const ONCE = 'It is done once the guards let it.';
/** What is said of a decision that was taken, before and after the name of the person. */
const WORDS: Readonly<Record<Answer, readonly [string, string]>> = {
  approve: ['is approved by', ONCE],
  decline: ['is declined by', 'Nothing is done, and the incident is yours.'],
  rollBack: ['is decided: rollBack, by', ONCE],
  freeze: ['is decided: freeze, by', ONCE],
  retrain: ['is decided: retrain, by', ONCE],
  ignore: ['is decided: ignore, by', 'Nothing is done.'],
};

function decidedText({ incident, decision, by, plan, text }: Decided): string {
  const [how, then] = WORDS[decision];
  return printable(`Plan ${plan} of ${incident}${text === null ? '' : ` (${text})`} ${how} ${by}. ${then}`).concat('\n');
}
