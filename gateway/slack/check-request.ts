import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { ButtonValue } from '../../clients/slack/button-value.ts';
import { type Answer, refusal } from '../answer.ts';
import { readBody } from '../read-body.ts';
import type { SingleUse } from '../single-use.ts';
import { jsonOf } from './json-of.ts';
import { readSignature, TIMESTAMP_TOLERANCE_SECONDS } from './signature.ts';

/** What Slack sends of a click or a command is some kilobytes. */
const BODY_BYTES_MAX = 256 * 2 ** 10;

/** A request that Slack sent, once, for our workspace; or the answer that refuses it. */
export type Checked =
  | { readonly kind: 'slacks'; readonly body: Buffer }
  | {
      readonly kind: 'refused';
      readonly answer: Answer;
      readonly why: string;
      /** Who sent it and about what, where Slack signed it all the same. */
      readonly sent: Sent | null;
    };

/** What a request of Slack's says of where it comes from. */
interface Sent {
  readonly team: string;
  readonly user: string;
  /** The incident whose button it is; null where it is none. */
  readonly incident: string | null;
}

/**
 * Checks what Slack's own library does not: that a request is no replay, is from no future, has each header and each field once, and is of our
 * workspace.
 */
export async function checkRequest(
  request: IncomingMessage,
  { signingSecret, team }: { readonly signingSecret: string; readonly team: string },
  singleUse: SingleUse,
): Promise<Checked> {
  let sent: Sent | null = null;
  const refused = (...args: Parameters<typeof refusal>): Checked => ({ kind: 'refused', answer: refusal(...args), why: args[2], sent });
  const types = request.headersDistinct['content-type'] ?? [];
  if (types.length !== 1 || !/^application\/x-www-form-urlencoded(;|$)/i.test(types[0]!))
    return refused(415, 'notForm', 'What Slack sends comes as application/x-www-form-urlencoded.');
  const body = await readBody(request, BODY_BYTES_MAX);
  if (body === null) return refused(413, 'bodyTooLarge', `The body is larger than ${BODY_BYTES_MAX} bytes.`);
  const signed = readSignature(request, body, signingSecret, Date.now());
  if (signed.kind === 'unsigned') return refused(401, 'notSigned', `The request is not signed by Slack: ${signed.why}`);
  sent = sentBy(body);
  if (sent === null)
    return refused(400, 'notSlack', 'The form must be a command with team_id, user_id, command and text, or a payload, once each.');
  if (sent.team !== team) return refused(403, 'notAllowed', 'It comes from another workspace than PARAMEDIC_SLACK_TEAM.');
  const untilMs = (signed.atSeconds + TIMESTAMP_TOLERANCE_SECONDS) * 1000;
  if (!singleUse.take(signed.signature, untilMs, Date.now())) return refused(409, 'replayed', 'The request was taken before.');
  return { kind: 'slacks', body };
}

const Payload = z.object({
  team: z.object({ id: z.string() }),
  user: z.object({ id: z.string() }),
  actions: z.array(z.object({ value: z.string().optional() })).optional(),
});

/** Null when a field is missing or there twice: then it is not told which one was meant. */
function sentBy(body: Buffer): Sent | null {
  const form = new URLSearchParams(body.toString('utf8'));
  const single = (name: string) => (form.getAll(name).length === 1 ? form.get(name) : null);
  if (!form.has('payload')) {
    const [team, user, command, text] = ['team_id', 'user_id', 'command', 'text'].map(single);
    return team && user && command && text !== null ? { team, user, incident: null } : null;
  }
  const payload = jsonOf(Payload, single('payload'));
  if (payload === null || [...form.keys()].length > 1) return null;
  const incident = jsonOf(ButtonValue, payload.actions?.[0]?.value)?.incident ?? null;
  return { team: payload.team.id, user: payload.user.id, incident };
}
