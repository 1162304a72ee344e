import type { IncomingMessage } from 'node:http';
import type { Answer } from '../answer.ts';
import { refusal } from '../answer.ts';
import type { PermitDesk } from '../permit-desk.ts';
import { readBody } from '../read-body.ts';
import { openSingleUse } from '../single-use.ts';
import { obey } from './obey.ts';
import { readCommand } from './read-command.ts';
import { readForm } from './read-form.ts';
import { readSignature, TIMESTAMP_TOLERANCE_SECONDS } from './signature.ts';

/** A slash command is some hundred bytes. */
const BODY_BYTES_MAX = 64 * 2 ** 10;

/** Whom commands are taken from. */
export interface SlackAccess {
  readonly signingSecret: string;
  /** Id of the workspace. */
  readonly team: string;
  /** Ids of people; nobody when it is empty. */
  readonly users: readonly string[];
}

type Log = { readonly warn: (fields: object, message: string) => void; readonly info: (fields: object, message: string) => void };

/**
 * Takes Slack's slash commands, each once, from the people allowed. The answer is for the one who typed it; an address that the
 * request names is never called.
 */
export function openSlashCommands({ signingSecret, team, users }: SlackAccess, desk: () => PermitDesk | null, log: Log) {
  const singleUse = openSingleUse();
  return async (request: IncomingMessage): Promise<Answer> => {
    const types = request.headersDistinct['content-type'] ?? [];
    if (types.length !== 1 || !/^application\/x-www-form-urlencoded(;|$)/i.test(types[0]!))
      return refusal(415, 'notForm', 'A slash command comes as application/x-www-form-urlencoded.');
    const body = await readBody(request, BODY_BYTES_MAX);
    if (body === null) return refusal(413, 'bodyTooLarge', `The body is larger than ${BODY_BYTES_MAX} bytes.`);
    const signed = readSignature(request, body, signingSecret, Date.now());
    if (signed.kind === 'unsigned') {
      log.warn({ from: request.socket.remoteAddress, why: signed.why }, 'A request to the Slack commands was not signed by Slack.');
      return refusal(401, 'notSigned', `The request is not signed by Slack: ${signed.why}`);
    }
    const form = readForm(body);
    if (form === null) return refusal(400, 'notSlashCommand', 'The form must have team_id, user_id, command and text, once each.');
    if (form.team !== team) return refusal(403, 'notAllowed', 'The command comes from another workspace than PARAMEDIC_SLACK_TEAM.');
    const untilMs = (signed.atSeconds + TIMESTAMP_TOLERANCE_SECONDS) * 1000;
    if (!singleUse.take(signed.signature, untilMs, Date.now())) return refusal(409, 'replayed', 'The request was taken before.');
    if (!users.includes(form.user)) {
      log.warn({ user: form.user }, 'A Slack user who is not in PARAMEDIC_SLACK_USERS gave a command; nothing was done.');
      return { code: 200, result: 'notAllowed', body: ephemeral(`You may not do this: ${form.user} is not in PARAMEDIC_SLACK_USERS.`) };
    }
    const ready = desk();
    if (ready === null)
      return { code: 200, result: 'unavailable', body: ephemeral('Temporal has not been reached yet; nothing was done.') };
    const command = readCommand(form.text);
    log.info({ user: form.user, command: command.kind }, 'A command was given in Slack.');
    return { code: 200, result: 'commanded', body: ephemeral(await obey(command, form, signed.signature, ready)) };
  };
}

/** A message for one person, in which nothing is a mention, a link or markup. */
function ephemeral(text: string): object {
  const inert = text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
  return { response_type: 'ephemeral', mrkdwn: false, text: inert };
}
