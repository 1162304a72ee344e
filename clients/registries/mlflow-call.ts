import { z } from 'zod';
import { type Answer, type Explained, type System, type SystemCall, systemCall } from '../http/system-call.ts';

const Failure = z.object({ error_code: z.string().default(''), message: z.string().default('') });

/** Where an MLflow server is, and who we are there. */
export interface MlflowAccess {
  readonly url: string;
  readonly credentials:
    | { readonly kind: 'basic'; readonly username: string; readonly password: string }
    | { readonly kind: 'bearer'; readonly token: string }
    | null;
}

/** One call: GET carries its fields in the query, all others as JSON. */
export type MlflowCall = (
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  fields: Readonly<Record<string, string>>,
  more: Pick<SystemCall, 'needs' | 'expects'>,
) => Promise<Answer>;

/** MLflow's REST API of version 2.0. @throws as `systemCall` */
export function mlflowCall({ url, credentials }: MlflowAccess): MlflowCall {
  const call = systemCall({
    name: 'MLflow',
    url: `${url.replace(/\/+$/, '')}/api/2.0/mlflow`,
    authorize: async (refused) => (refused ? null : authorization(credentials)),
    credentials: 'PARAMEDIC_MLFLOW_TOKEN, or PARAMEDIC_MLFLOW_USERNAME and PARAMEDIC_MLFLOW_PASSWORD',
    explain,
  } satisfies System);
  return (method, path, fields, more) => call({ method, path, ...more, ...(method === 'GET' ? { query: fields } : { body: fields }) });
}

function authorization(credentials: MlflowAccess['credentials']): Readonly<Record<string, string>> {
  if (credentials === null) return {};
  if (credentials.kind === 'bearer') return { authorization: `Bearer ${credentials.token}` };
  return { authorization: `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}` };
}

/** Refusals of a proxy or of MLflow's own authentication are not JSON. */
function explain(text: string): Explained {
  try {
    const { error_code, message } = Failure.parse(JSON.parse(text));
    return { code: error_code, message };
  } catch {
    return { code: '', message: text.slice(0, 200) };
  }
}
