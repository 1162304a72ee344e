import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import type { DecisionDesk, Heard } from '../clients/decision-desk.ts';
import { NoAnswer } from '../clients/permit-offices.ts';
import { ANSWERS } from '../incident/approval.ts';
import { type Answer, refusal } from './answer.ts';
import { openRefusalNotes } from './note-refusals.ts';
import { holderOf, type TokenHolder } from './people-tokens.ts';
import { readBody } from './read-body.ts';
import { readJson } from './read-json.ts';

const BODY_BYTES_MAX = 64 * 2 ** 10;
const LINE_CHARACTERS_MAX = 300;
const Given = z.strictObject({
  incident: z.string().min(1).max(1_000),
  plan: z.string().min(1).max(LINE_CHARACTERS_MAX),
  decision: z.enum(ANSWERS),
  reason: z.string().max(LINE_CHARACTERS_MAX).default(''),
});

const EXAMPLE = '{"incident": "…", "plan": "…", "decision": "approve", "reason": "…"}';

const CODES = { refused: 409, notOpen: 404, notUnderstood: 400 } as const satisfies Record<Exclude<Heard['kind'], 'taken'>, number>;

type Log = { readonly warn: (fields: object, message: string) => void; readonly info: (fields: object, message: string) => void };

const Acknowledged = Given.pick({ incident: true, reason: true });

/** The routes by which people decide and acknowledge. */
export type DecisionRoutes = Readonly<Record<'decide' | 'acknowledge', (request: IncomingMessage) => Promise<Answer>>>;

/**
 * Takes decisions, `POST /decisions`, and acknowledgements, `POST /acknowledgements`, from those whose tokens are known; whether they may
 * decide is for the incident to say.
 */
export function openDecisions(holders: readonly TokenHolder[], desk: () => DecisionDesk | null, log: Log): DecisionRoutes {
  const note = openRefusalNotes(desk);

  async function stranger(request: IncomingMessage): Promise<Answer> {
    log.warn({ from: request.socket.remoteAddress }, 'A decision came with no token, or one that nobody has.');
    const who = { id: 'unknown', name: 'somebody without a valid token', way: 'http' as const, groups: [] };
    await note('unknown', who, 'The token is missing or wrong.');
    return refusal(
      401,
      'notAllowed',
      'The token is missing or wrong; send "Authorization: Bearer <your token of PARAMEDIC_PEOPLE_TOKENS>".',
    );
  }

  /** What somebody whose token is known says, or the answer that refuses it. */
  async function heardOf<T>(request: IncomingMessage, schema: z.ZodType<T>, example: string) {
    const ready = desk();
    if (ready === null) return refusal(503, 'unavailable', 'Temporal has not been reached yet; nothing was done.');
    const who = holderOf(request, holders);
    if (who === null) return stranger(request);
    const body = await readBody(request, BODY_BYTES_MAX);
    if (body === null) return refusal(413, 'bodyTooLarge', `The body is larger than ${BODY_BYTES_MAX} bytes.`);
    const read = readJson(schema, body.toString('utf8'), example);
    return read.kind === 'fault' ? refusal(400, 'notDecision', read.fault) : { ready, who, given: read.value };
  }

  async function answered(call: () => Promise<Answer>): Promise<Answer> {
    try {
      return await call();
    } catch (error) {
      if (error instanceof NoAnswer) return refusal(503, 'unavailable', error.message);
      throw error;
    }
  }

  return {
    async decide(request) {
      const said = await heardOf(request, Given, EXAMPLE);
      if ('code' in said) return said;
      const { ready, who, given } = said;
      return answered(async () => {
        const heard = await ready.decide({ ...given, who });
        log.info({ who: who.name, incident: given.incident, decision: given.decision, heard: heard.kind }, 'A decision came over HTTP.');
        if (heard.kind === 'taken') return { code: 200, result: 'decided', body: { ...given, by: who.name, does: heard.text } };
        return refusal(CODES[heard.kind], 'decisionRefused', heard.why);
      });
    },

    async acknowledge(request) {
      const said = await heardOf(request, Acknowledged, '{"incident": "…", "reason": "…"}');
      if ('code' in said) return said;
      const { ready, who, given } = said;
      return answered(async () => {
        const why = await ready.acknowledge(given.incident, who, given.reason);
        if (why !== null) return refusal(409, 'decisionRefused', why);
        return { code: 200, result: 'decided', body: { ...given, by: who.name } };
      });
    },
  };
}
