import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { type Answer, refusal } from './answer.ts';
import { alertByHand } from './by-hand.ts';
import { type Intake, takeAlert } from './intake.ts';
import { holderOf, type TokenHolder } from './people-tokens.ts';
import { readBody } from './read-body.ts';
import { readJson } from './read-json.ts';

const BODY_BYTES_MAX = 64 * 2 ** 10;

const Given = z.strictObject({
  alert: z.string().min(1).max(200),
  labels: z.record(z.string().max(200), z.string().max(1_000)),
  says: z.string().max(300).default(''),
  isOver: z.boolean().default(false),
});

type Log = { readonly info: (fields: object, message: string) => void };

/** Takes incidents that people raise by hand, `POST /incidents`, from those whose tokens are known. */
export function openRaising(holders: readonly TokenHolder[], intake: () => Intake | null, log: Log) {
  return async (request: IncomingMessage): Promise<Answer> => {
    const who = holderOf(request, holders);
    if (who === null)
      return refusal(
        401,
        'notAllowed',
        'The token is missing or wrong; send "Authorization: Bearer <your token of PARAMEDIC_PEOPLE_TOKENS>".',
      );
    const ready = intake();
    if (ready === null) return refusal(503, 'unavailable', 'Temporal has not been reached yet; send again.');
    const body = await readBody(request, BODY_BYTES_MAX);
    if (body === null) return refusal(413, 'bodyTooLarge', `The body is larger than ${BODY_BYTES_MAX} bytes.`);
    const given = readJson(
      Given,
      body.toString('utf8'),
      '{"alert": "KubePodCrashLooping", "labels": {"namespace": "ml", "deployment": "ranker"}}',
    );
    if (given.kind === 'fault') return refusal(400, 'notRaised', given.fault);
    const taken = await takeAlert(alertByHand(given.value, who), ready);
    log.info({ who: who.name, alert: given.value.alert, taken: taken.kind }, 'An incident was raised by hand.');
    if (taken.kind === 'ignored') return refusal(422, 'notRaised', taken.reason);
    return { code: 200, result: 'raised', body: taken };
  };
}
