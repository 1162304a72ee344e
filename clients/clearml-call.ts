import { z } from 'zod';
import { Refused } from './failures.ts';
import { readAnswer } from './http/read-answer.ts';
import { type Explained, type Failure, type SystemCall, systemCall } from './http/system-call.ts';

/** Where a ClearML API server is, and who we are there. */
export interface ClearmlAccess {
  readonly url: string;
  readonly accessKey: string;
  readonly secretKey: string;
  /** How long an answer is waited for; 15 s by default. */
  readonly answerMsMax?: number;
}

/** What an action was answered: its data, or a failure that was expected. */
type ClearmlAnswer = { readonly kind: 'done'; readonly data: unknown } | ({ readonly kind: 'failed' } & Failure);

interface More extends Pick<SystemCall, 'needs' | 'expects'> {
  /** The API's version that the action came with; 2.23 by default, the newest that ClearML's own package knows. */
  readonly version?: string;
}

/** One action, such as `models.edit`. */
export type ClearmlCall = (action: string, fields: Readonly<Record<string, unknown>>, more: More) => Promise<ClearmlAnswer>;

const VERSION = '2.23';
const CREDENTIALS = 'PARAMEDIC_CLEARML_ACCESS_KEY and PARAMEDIC_CLEARML_SECRET_KEY';
/** Subcodes of its answer 401 that are about a right, and not about who asks. */
const NO_RIGHT = ['1', '2'];

const Envelope = z.object({ data: z.unknown() });
const Login = z.object({ token: z.string().min(1) });
const Said = z.object({ meta: z.object({ result_subcode: z.number().default(0), result_msg: z.string().default('') }) });

/**
 * ClearML's API, always by POST: its own package sends bodies with GET, too. A token is got for the keys, kept, and got anew when it is not
 * taken any more.
 * @throws as `systemCall`
 */
export function clearmlCall({ url, accessKey, secretKey, answerMsMax }: ClearmlAccess): ClearmlCall {
  const system = { name: 'ClearML', url, credentials: CREDENTIALS, explain, ...(answerMsMax === undefined ? {} : { answerMsMax }) };
  const basic = `Basic ${Buffer.from(`${accessKey}:${secretKey}`).toString('base64')}`;
  const login = systemCall({ ...system, authorize: async (refused) => (refused ? null : { authorization: basic }) });
  let token: string | null = null;

  async function authorize(refused: boolean): Promise<Readonly<Record<string, string>>> {
    if (refused || token === null) {
      const answer = await login({ method: 'POST', path: 'auth.login', needs: 'a valid pair of keys' });
      token = readAnswer(Login, dataOf(answer), "ClearML's answer to auth.login").token;
    }
    return { authorization: `Bearer ${token}` };
  }

  const call = systemCall({ ...system, authorize });
  return async (action, fields, { version = VERSION, needs, expects }) => {
    const isExpected = (failure: Failure) => lacksRight(failure) || (expects?.(failure) ?? false);
    const answer = await call({ method: 'POST', path: `v${version}/${action}`, body: fields, needs, expects: isExpected });
    if (answer.kind === 'done') return { kind: 'done', data: dataOf(answer) };
    if (lacksRight(answer)) throw new Refused(`ClearML does not allow it: ${needs} is missing. It says to ${action}: ${answer.message}`);
    return answer;
  };
}

/** The data of an answer that can be no expected failure. */
export function answered<T extends z.ZodType>(schema: T, answer: ClearmlAnswer, what: string): z.infer<T> {
  return readAnswer(schema, answer.kind === 'done' ? answer.data : null, what);
}

function dataOf(answer: { readonly kind: 'done'; readonly body: unknown } | { readonly kind: 'failed' }): unknown {
  return readAnswer(Envelope, answer.kind === 'done' ? answer.body : null, "ClearML's answer").data;
}

function lacksRight({ status, code }: Failure): boolean {
  return status === 401 && NO_RIGHT.includes(code);
}

/** The subcode tells what it is, as ClearML's table of errors has it; a proxy's refusals are no JSON. */
function explain(text: string): Explained {
  try {
    const { result_subcode, result_msg } = Said.parse(JSON.parse(text)).meta;
    return { code: String(result_subcode), message: result_msg };
  } catch {
    return { code: '', message: text };
  }
}
