import { createHmac } from 'node:crypto';
import { request } from 'node:http';
import type { PermitDesk } from '../../gateway/permit-desk.ts';
import { openSlack, type SlackDoor } from '../../gateway/slack/app.ts';

export const SIGNING_SECRET = '8f742231b10e8888abcd99yyyzzz85a5';
export const TEAM = 'T1DC2JH3J';
export const ANN = 'U2CERLKJA';

let requests = 0;

/** A slash command as Slack sends it. */
export interface SlashRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The command typed in Slack by somebody who may, changed as the test wants, and signed. */
export function slash(
  text: string,
  fields: Readonly<Record<string, string>> = {},
  atSeconds = Math.floor(Date.now() / 1000),
): SlashRequest {
  const form = new URLSearchParams({
    ...{ token: 'xyzz0WbapA4vBCDEFasx0q6G', team_id: TEAM, team_domain: 'testteamnow', channel_id: 'G8PSS9T3V', channel_name: 'foobar' },
    ...{
      user_id: ANN,
      user_name: 'ann',
      command: '/paramedic',
      text,
      response_url: 'http://127.0.0.1:1/',
      trigger_id: `398738663015.${++requests}`,
    },
    ...fields,
  });
  return signed(form.toString(), String(atSeconds));
}

/** Any body, signed as Slack signs. */
export function signed(body: string, timestamp = String(Math.floor(Date.now() / 1000)), secret = SIGNING_SECRET): SlashRequest {
  const signature = `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
  const headers = {
    'Content-Type': 'application/x-www-form-urlencoded',
    'X-Slack-Request-Timestamp': timestamp,
    'X-Slack-Signature': signature,
  };
  return { headers, body };
}

/** Sends a command to a gateway on this machine. @param more headers besides, names and values in turn, which may stand there twice */
export function sendTo(
  port: number,
  { headers, body }: SlashRequest,
  more: readonly string[] = [],
  path = '/slack/commands',
): Promise<{ code: number; text: string; body: object }> {
  const pairs = [...Object.entries(headers).flat(), ...more];
  const own = ['Host', `127.0.0.1:${port}`, 'Content-Length', String(Buffer.byteLength(body)), 'Connection', 'close'];
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method: 'POST', headers: [...pairs, ...own] });
    sent.once('error', reject);
    sent.once('response', (answer) => {
      answer
        .toArray()
        .then((chunks) => JSON.parse(Buffer.concat(chunks).toString() || '{}'))
        .then((json) => resolve({ code: answer.statusCode ?? 0, text: json.text, body: json }))
        .catch(reject);
    });
    sent.end(body);
  });
}

export function withHeaders({ headers, body }: SlashRequest, change: Readonly<Record<string, string | undefined>>): SlashRequest {
  const all = Object.entries({ ...headers, ...change }).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  return { headers: Object.fromEntries(all), body };
}

/** Slack's way in over HTTP, for commands alone. @param users who may give them */
export function slackFor(users: readonly string[], permits: () => PermitDesk | null): SlackDoor {
  const access = {
    signingSecret: SIGNING_SECRET,
    appToken: null,
    botToken: null,
    team: TEAM,
    users,
    groups: [],
    url: 'http://127.0.0.1:1/',
  };
  const note = () => undefined;
  return openSlack(access, { permits, decisions: () => null }, { debug: note, info: note, warn: note });
}

/** A click on a button of an incident, as Slack sends it. */
export function clickOn({ action, user, value, channel, team = TEAM }: Click): SlashRequest {
  const at = `1764000000.${String(++requests).padStart(6, '0')}`;
  return signedPayload({
    type: 'block_actions',
    team: { id: team, domain: 'testteamnow' },
    user: { id: user, username: user.toLowerCase(), team_id: team },
    api_app_id: 'A0',
    token: 'xyzz0WbapA4vBCDEFasx0q6G',
    trigger_id: `398738663015.${requests}`,
    response_url: 'http://127.0.0.1:1/',
    container: { type: 'message', message_ts: '1764000000.000001', channel_id: channel, is_ephemeral: false },
    channel: { id: channel, name: 'incidents' },
    message: { type: 'message', ts: '1764000000.000001', text: 'an incident' },
    actions: [
      {
        ...{ type: 'button', block_id: 'b', action_id: `paramedic:${action}`, action_ts: at },
        ...{ text: { type: 'plain_text', text: action }, value: JSON.stringify(value) },
      },
    ],
  });
}

interface Click {
  readonly action: string;
  readonly user: string;
  readonly value: object;
  readonly channel: string;
  readonly team?: string;
}

/** The reason that somebody gave in a question that was opened for them, as Slack sends it. */
export function reasonGiven(
  user: string,
  view: { readonly id: string; readonly callback_id: string; readonly private_metadata: string },
  reason: string,
) {
  return signedPayload({
    type: 'view_submission',
    team: { id: TEAM, domain: 'testteamnow' },
    user: { id: user, username: user.toLowerCase(), team_id: TEAM },
    view: { ...view, type: 'modal', hash: '1', state: { values: { reason: { reason: { type: 'plain_text_input', value: reason } } } } },
  });
}

/** A payload of Slack's, signed. */
export function signedPayload(payload: object, atSeconds = Math.floor(Date.now() / 1000)): SlashRequest {
  return signed(new URLSearchParams({ payload: JSON.stringify(payload) }).toString(), String(atSeconds));
}
