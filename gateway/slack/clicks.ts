import type { App, BlockAction, ButtonAction } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import { NoAnswer } from '../../clients/permit-offices.ts';
import { ButtonValue } from '../../clients/slack/button-value.ts';
import { escaped } from '../../clients/slack/escaped.ts';
import { ACTION_PREFIX } from '../../clients/slack/incident-blocks.ts';
import type { SlackPeople } from '../../clients/slack/people.ts';
import { ANSWERS, type Answer } from '../../incident/approval.ts';
import type { Person } from '../../incident/person.ts';
import { redact } from '../../incident/redact.ts';
import type { SlackAccess } from './access.ts';
import { callIdOf } from './call-id.ts';
import type { SlackDesks, SlackLog } from './desks.ts';
import { jsonOf } from './json-of.ts';
import { obey } from './obey.ts';

/** What a modal that asks for a reason is called in what Slack sends back. */
const REASON_VIEW = 'paramedic:reason';
const REASON = 'reason';
const FREEZE = 'freezeNamespace';
const ACKNOWLEDGE = 'acknowledge';
const JUDGEMENTS = { 'judge-right': 'right', 'judge-wrong': 'wrong' } as const;
const REASON_CHARACTERS_MAX = 300;
const SAID_CHARACTERS_MAX = 2_900;

/** What a modal carries from the click to its end. */
const Carried = ButtonValue.extend({ channel: z.string(), thread: z.string() });

/** Where somebody clicked. */
interface Place {
  readonly channel: string;
  /** The message. */
  readonly thread: string;
}

/** Somebody's click on a button of an incident. */
interface Click {
  readonly user: string;
  readonly value: ButtonValue;
  readonly place: Place;
  /** The same click has the same one. */
  readonly callId: string;
}

/**
 * Takes clicks on the buttons of incidents. Slack is asked who clicked; whether they may decide is for the incident to say. What became of
 * it is said to them alone, and the message itself is changed by the incident.
 */
export function takeClicks(app: App, access: SlackAccess, people: SlackPeople, desks: SlackDesks, log: SlackLog): void {
  app.action<BlockAction<ButtonAction>>(
    { type: 'block_actions', action_id: new RegExp(`^${ACTION_PREFIX}`) },
    async ({ ack, body, action, client }) => {
      await ack();
      const value = jsonOf(ButtonValue, action.value);
      const place = { channel: body.channel?.id ?? '', thread: body.message?.ts ?? '' };
      if (value === null || body.team?.id !== access.team) return;
      const click = {
        user: body.user.id,
        value,
        place,
        callId: callIdOf(body.user.id, action.action_id, action.action_ts, action.value ?? ''),
      };
      const name = action.action_id.slice(ACTION_PREFIX.length);
      if (name === FREEZE) return say(client, click, await frozen(click, body.user.username ?? body.user.id));
      if (name === ACKNOWLEDGE) return say(client, click, await decided(click, null, ''));
      if (name === 'judge-right' || name === 'judge-wrong')
        return say(client, click, await judged(click, body.user.username ?? body.user.id, JUDGEMENTS[name]));
      const answer = ANSWERS.find((one) => one === name);
      if (answer === undefined) return;
      if (answer === 'reject') return askReason(client, body.trigger_id, click);
      return say(client, click, await decided(click, answer, ''));
    },
  );

  app.view(REASON_VIEW, async ({ ack, body, view, client }) => {
    await ack();
    const carried = jsonOf(Carried, view.private_metadata);
    if (carried === null || body.team?.id !== access.team) return;
    const { channel, thread, ...value } = carried;
    const given = view.state.values[REASON]?.[REASON]?.value ?? '';
    const click = { user: body.user.id, value, place: { channel, thread }, callId: callIdOf(body.user.id, REASON_VIEW, view.id) };
    // What makes no single line is no reason that could be written down.
    const reason = given
      .replace(/\p{Cc}+/gu, ' ')
      .trim()
      .slice(0, REASON_CHARACTERS_MAX);
    await say(client, click, await decided(click, 'reject', reason));
  });

  /** Takes somebody's decision to the incident. Returns what to tell them. @param decision null: they take it upon themselves */
  async function decided({ user, value, callId }: Click, decision: Answer | null, reason: string): Promise<string> {
    const desk = desks.decisions();
    if (desk === null) return 'Temporal has not been reached yet; nothing was decided.';
    const { incident, plan } = value;
    const stranger: Person = { id: user, name: user, way: 'slack', groups: [] };
    try {
      const known = await people.whoIs(user).catch((error) => ({
        kind: 'nobody' as const,
        person: stranger,
        why: `Slack did not say who you are, so that nothing was decided: ${redact(String(error?.message), REASON_CHARACTERS_MAX)}`,
      }));
      if (known.kind === 'nobody') {
        await desk.noteRefusal(incident, known.person, known.why);
        return known.why;
      }
      if (decision === null)
        return (await desk.acknowledge(incident, known.person, reason, callId)) ?? 'It is yours. Nobody else is told or reminded.';
      const heard = await desk.decide({ incident, plan, decision, who: known.person, reason }, callId);
      log.info({ user, incident, decision, heard: heard.kind }, 'A decision came from Slack.');
      return heard.kind === 'taken' ? `Your ${decision} of plan ${heard.plan} was taken.` : heard.why;
    } catch (error) {
      if (error instanceof NoAnswer) return `${error.message} Look at the incident, and say it again once a worker runs.`;
      log.warn({ user, incident, error: redact(String(error), REASON_CHARACTERS_MAX) }, 'A decision from Slack could not be taken.');
      return 'It could not be decided; the log of the gateway has the reason. Nothing is known to be decided.';
    }
  }

  /** Why somebody may not give commands, and that they tried is written down; null: they may. */
  async function whyNot({ user, value: { incident } }: Click, userName: string): Promise<string | null> {
    if (access.users.includes(user)) return null;
    const why = `You may not do this: ${user} is not in PARAMEDIC_SLACK_USERS.`;
    await desks.decisions()?.noteRefusal(incident, { id: user, name: userName, way: 'slack', groups: [] }, why);
    return why;
  }

  /** What somebody says of an incident that is over; later ones learn by it. */
  async function judged(click: Click, userName: string, says: 'right' | 'wrong'): Promise<string> {
    const { user, value, callId } = click;
    const forbidden = await whyNot(click, userName);
    if (forbidden !== null) return forbidden;
    const desk = desks.decisions();
    if (desk === null) return 'Temporal has not been reached yet; nothing was taken.';
    const { incident, plan: run } = value;
    const who: Person = { id: user, name: userName, way: 'slack', groups: [] };
    try {
      const why = await desk.judge({ incident, run }, says, who, 'said by a button in Slack', callId);
      log.info({ user, incident, says, isTaken: why === null }, 'An incident was judged in Slack.');
      return why ?? `It is taken: what was done was ${says}. "paramedic incidents judge" takes the real cause, too.`;
    } catch (error) {
      if (error instanceof NoAnswer) return `${error.message} Say it again once a worker runs.`;
      log.warn({ user, incident, error: redact(String(error), REASON_CHARACTERS_MAX) }, 'A word on an incident could not be taken.');
      return 'It could not be taken; the log of the gateway has the reason.';
    }
  }

  /** As the slash command does, and by the same people. */
  async function frozen(click: Click, userName: string): Promise<string> {
    const { user, value, callId } = click;
    const { incident, namespace } = value;
    const forbidden = await whyNot(click, userName);
    if (forbidden !== null) return forbidden;
    const ready = desks.permits();
    if (ready === null) return 'Temporal has not been reached yet; nothing was done.';
    log.info({ user, namespace }, 'A namespace is frozen by a button in Slack.');
    const reason = `asked by the button of ${incident}`.slice(0, REASON_CHARACTERS_MAX);
    const command = { kind: 'freeze', scope: { namespace, runbook: null }, forSeconds: null, reason } as const;
    return obey(command, { command: '/paramedic', user, userName }, callId, ready);
  }

  /** To them alone, below the message. */
  async function say(client: WebClient, { user, place: { channel, thread } }: Click, text: string): Promise<void> {
    try {
      const threaded = thread === '' ? {} : { thread_ts: thread };
      await client.chat.postEphemeral({ channel, user, text: escaped(text.slice(0, SAID_CHARACTERS_MAX)), ...threaded });
    } catch (error) {
      log.warn({ user, error: redact(String(error), REASON_CHARACTERS_MAX) }, 'Slack did not take what was to be said to somebody.');
    }
  }

  async function askReason(client: WebClient, trigger: string, click: Click): Promise<void> {
    const { value, place } = click;
    const carried = JSON.stringify({ ...value, channel: place.channel, thread: place.thread });
    const plain = (text: string) => ({ type: 'plain_text' as const, text });
    try {
      await client.views.open({
        trigger_id: trigger,
        view: {
          type: 'modal',
          callback_id: REASON_VIEW,
          private_metadata: carried,
          title: plain('Reject the plan'),
          submit: plain('Reject'),
          close: plain('Back'),
          blocks: [
            {
              type: 'input',
              block_id: REASON,
              label: plain('Why?'),
              element: { type: 'plain_text_input', action_id: REASON, multiline: false, max_length: REASON_CHARACTERS_MAX },
            },
          ],
        },
      });
    } catch (error) {
      log.warn({ error: redact(String(error), REASON_CHARACTERS_MAX) }, 'Slack did not open the question for a reason.');
      await say(client, click, 'Slack did not ask you for a reason. Reject it with "paramedic reject", or try again.');
    }
  }
}
