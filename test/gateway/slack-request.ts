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
): Promise<{ code: number; text: string; body: object }> {
  const pairs = [...Object.entries(headers).flat(), ...more];
  const own = ['Host', `127.0.0.1:${port}`, 'Content-Length', String(Buffer.byteLength(body)), 'Connection', 'close'];
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path: '/slack/commands', method: 'POST', headers: [...pairs, ...own] });
    sent.once('error', reject);
    sent.once('response', (answer) => {
      answer
        .toArray()
        .then((chunks) => JSON.parse(Buffer.concat(chunks).toString()))
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
