import type { App } from '@slack/bolt';
import { escaped } from '../../clients/slack/escaped.ts';
import type { SlackAccess } from './access.ts';
import { callIdOf } from './call-id.ts';
import type { SlackDesks, SlackLog } from './desks.ts';
import { obey } from './obey.ts';
import { readCommand } from './read-command.ts';

/**
 * Takes slash commands from the people allowed. The answer is for the one who typed it, and goes back with the request: an address that the
 * request names is never called.
 */
export function takeCommands(app: App, { team, users }: SlackAccess, { permits }: SlackDesks, log: SlackLog): void {
  app.command(/.*/, async ({ command: given, ack }) => {
    const { user_id: user, team_id: from, trigger_id: trigger } = given;
    const say = (text: string) => ack({ response_type: 'ephemeral', mrkdwn: false, text: escaped(text) });
    if (from !== team) return say('It comes from another workspace than PARAMEDIC_SLACK_TEAM.');
    if (!users.includes(user)) {
      log.warn({ user }, 'A Slack user who is not in PARAMEDIC_SLACK_USERS gave a command; nothing was done.');
      return say(`You may not do this: ${user} is not in PARAMEDIC_SLACK_USERS.`);
    }
    const ready = permits();
    if (ready === null) return say('Temporal has not been reached yet; nothing was done.');
    const command = readCommand(given.text);
    log.info({ user, command: command.kind }, 'A command was given in Slack.');
    const by = { command: given.command, user, userName: given.user_name };
    return say(await obey(command, by, callIdOf(user, trigger, given.text), ready));
  });
}
