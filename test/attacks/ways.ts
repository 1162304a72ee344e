import { WorkflowUpdateFailedError } from '@temporalio/client';
import type { Answer } from '../../incident/approval.ts';
import type { Way } from '../../incident/person.ts';
import { decide } from '../../workflows/messages.ts';
import { runParamedic } from '../cli/run-paramedic.ts';
import { clickOn, sendTo } from '../gateway/slack-request.ts';
import { until } from '../until.ts';
import { CHANNEL, TEAM } from '../vendors/slack/double.ts';
import { type PeopleStage, SLACK_USERS, TOKENS } from './stage.ts';

/** What somebody says of a plan. */
export interface Said {
  readonly incident: string;
  readonly plan: string;
  readonly decision: Extract<Answer, 'approve' | 'escalate'>;
}

/** Who says it, by the part they play. */
export type Role = 'anna' | 'ben' | 'stranger' | 'bot' | 'otherTeam' | 'deactivated';

/** Says it by a way; returns why it was refused, as the person is told, or null where it was taken. */
export type Say = (stage: PeopleStage, role: Role, said: Said) => Promise<string | null>;

const NAMES: Readonly<Record<Role, string>> = {
  anna: 'anna',
  ben: 'ben',
  stranger: 'eve',
  bot: 'paramedic-bot',
  otherTeam: 'carl',
  // They were taken out of the list.
  deactivated: 'gustav',
};

const IDS: Readonly<Record<Role, string>> = {
  ...{ anna: SLACK_USERS.anna, ben: SLACK_USERS.ben, stranger: SLACK_USERS.eve, bot: SLACK_USERS.bot },
  ...{ otherTeam: SLACK_USERS.carl, deactivated: SLACK_USERS.gone },
};

export const SAY_BY: Readonly<Record<Way, Say>> = {
  slack: (stage, role, said) => sendClick(stage, clickOf(role, said), IDS[role]),

  async commandLine({ temporal }, role, { incident, plan, decision }) {
    const { code, err } = await runParamedic([decision, incident, '--plan', plan, '--by', NAMES[role]], temporal);
    return code === 0 ? null : err.trim();
  },

  async http({ port }, role, said) {
    const token = (TOKENS as Readonly<Record<string, string>>)[NAMES[role]] ?? 'a-token-that-was-taken-back';
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const answer = await fetch(`http://127.0.0.1:${port}/decisions`, { method: 'POST', headers, body: JSON.stringify(said) });
    const { error } = (await answer.json()) as { error?: string };
    return answer.ok ? null : (error ?? `status ${answer.status}`);
  },

  async webUi({ client }, role, { incident, plan, decision }) {
    try {
      await client.workflow.getHandle(incident).executeUpdate(decide, { args: [{ plan, decision, by: NAMES[role] }] });
      return null;
    } catch (error) {
      if (error instanceof WorkflowUpdateFailedError) return error.cause?.message ?? error.message;
      throw error;
    }
  },
};

/** The request that a click makes, which may be sent again. */
export function clickOf(role: Role, { incident, plan, decision }: Said, team = TEAM) {
  const value = { incident, plan, namespace: 'ml' };
  return clickOn({ action: decision, user: IDS[role], value, channel: CHANNEL, team });
}

/** Sends it, and waits for what is said to whoever clicked. */
export async function sendClick({ port, slack }: PeopleStage, click: ReturnType<typeof clickOf>, user: string): Promise<string | null> {
  const told = () => slack.messages.filter((one) => one.only === user).map(({ text }) => text);
  const before = told().length;
  const { code, body } = await sendTo(port, click, [], '/slack/events');
  if (code !== 200) return (body as { error?: string }).error ?? `status ${code}`;
  await until('somebody is told', async () => told().length > before, 20);
  const text = told().at(-1)!;
  return /was taken\.$/.test(text) ? null : text;
}
