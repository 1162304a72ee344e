import { z } from 'zod';
import { Refused } from '../failures.ts';
import { readAnswer } from '../http/read-answer.ts';
import { type Explained, type Failure, type System, type SystemCall, systemCall } from '../http/system-call.ts';

/** Where an Airflow is, and who we are there. */
export interface AirflowAccess {
  readonly url: string;
  /** How long an answer is waited for; 15 s by default. */
  readonly answerMsMax?: number;
  readonly credentials:
    | { readonly kind: 'user'; readonly username: string; readonly password: string }
    | { readonly kind: 'bearer'; readonly token: string };
}

const CREDENTIALS = 'PARAMEDIC_AIRFLOW_TOKEN, or PARAMEDIC_AIRFLOW_USERNAME and PARAMEDIC_AIRFLOW_PASSWORD';

const Words = z.object({ detail: z.unknown() });
const Token = z.object({ access_token: z.string().min(1) });

export type AirflowCall = ReturnType<typeof airflowCall>;

/** Airflow's REST API, version 2, of Airflow 3. @throws as `systemCall` */
export function airflowCall(access: AirflowAccess) {
  const { answerMsMax } = access;
  const system = { name: 'Airflow', credentials: CREDENTIALS, explain, ...(answerMsMax === undefined ? {} : { answerMsMax }) };
  const url = access.url.replace(/\/+$/, '');
  const login = systemCall({ ...system, url, authorize: async (refused) => (refused ? null : {}) });
  const api = systemCall({ ...system, url: `${url}/api/v2`, authorize: authorizer(access, login), ranOut });
  return (call: Omit<SystemCall, 'headers'>) => api({ ...call, headers: { accept: 'application/json' } });
}

/** A token that has expired is answered by 401, one that is none, or is of before a restart with another secret, by 403. */
function ranOut({ status, message }: Failure): boolean {
  return status === 401 || (status === 403 && /jwt/i.test(message));
}

function authorizer({ credentials }: AirflowAccess, login: ReturnType<typeof systemCall>): System['authorize'] {
  if (credentials.kind === 'bearer') return async (refused) => (refused ? null : { authorization: `Bearer ${credentials.token}` });
  const { username, password } = credentials;
  let token: Promise<string> | null = null;
  return async (refused) => {
    if (refused) token = null;
    token ??= logIn(login, username, password);
    try {
      return { authorization: `Bearer ${await token}` };
    } catch (error) {
      token = null;
      throw error;
    }
  };
}

async function logIn(login: ReturnType<typeof systemCall>, username: string, password: string): Promise<string> {
  const answer = await login({ method: 'POST', path: 'auth/token', body: { username, password }, needs: 'a user that may log in' });
  if (answer.kind === 'failed') throw new Refused(`Airflow gives no token: ${answer.message}`);
  return readAnswer(Token, answer.body, "Airflow's answer to a login").access_token;
}

/** `detail` is a sentence, or what is wrong with each field. */
function explain(text: string): Explained {
  try {
    const { detail } = Words.parse(JSON.parse(text));
    return { code: '', message: typeof detail === 'string' ? detail : JSON.stringify(detail ?? '') };
  } catch {
    return { code: '', message: text.slice(0, 200) };
  }
}
