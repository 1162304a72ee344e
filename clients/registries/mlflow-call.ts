import { z } from 'zod';
import { redact } from '../../incident/redact.ts';
import { RegistryRefused } from './model-registry.ts';

const ANSWER_MS_MAX = 15_000;
const MESSAGE_CHARACTERS_MAX = 300;
const Failure = z.object({ error_code: z.string().default(''), message: z.string().default('') });

/** Where an MLflow server is, and who we are there. */
export interface MlflowAccess {
  readonly url: string;
  readonly credentials:
    | { readonly kind: 'basic'; readonly username: string; readonly password: string }
    | { readonly kind: 'bearer'; readonly token: string }
    | null;
}

/** One call: GET carries its fields in the query, all others as JSON. Null when what it asks for does not exist. */
export type MlflowCall = (method: 'GET' | 'POST' | 'DELETE', path: string, fields: Readonly<Record<string, string>>) => Promise<unknown>;

/** @throws RegistryRefused for what repeating cannot mend; a plain error for what it can. */
export function mlflowCall({ url, credentials }: MlflowAccess): MlflowCall {
  const authorization =
    credentials === null
      ? {}
      : {
          authorization:
            credentials.kind === 'bearer'
              ? `Bearer ${credentials.token}`
              : `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}`,
        };
  return async (method, path, fields) => {
    const address = new URL(`${url.replace(/\/+$/, '')}/api/2.0/mlflow/${path}`);
    if (method === 'GET') address.search = new URLSearchParams(fields).toString();
    const answer = await fetch(address, {
      method,
      headers: { ...authorization, ...(method === 'GET' ? {} : { 'content-type': 'application/json' }) },
      ...(method === 'GET' ? {} : { body: JSON.stringify(fields) }),
      redirect: 'error',
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
    }).catch((error: Error) => {
      throw new Error(`Cannot reach MLflow at ${address.origin}: ${(error.cause as Error | undefined)?.message ?? error.message}`, {
        cause: error,
      });
    });
    const text = await answer.text();
    if (answer.ok) return JSON.parse(text);
    const { error_code, message } = failureOf(text);
    if (answer.status === 404 && error_code === 'RESOURCE_DOES_NOT_EXIST' && method === 'GET') return null;
    // Its failures quote the database's, with whatever addresses these hold.
    const why = redact(message, MESSAGE_CHARACTERS_MAX) || 'no reason given';
    const sentence = `MLflow answers ${answer.status} ${error_code} to ${path}: ${why}`;
    // Waiting mends these; every other refusal stands.
    if ([408, 429].includes(answer.status) || answer.status >= 500) throw new Error(sentence);
    throw new RegistryRefused(sentence);
  };
}

/** Refusals of a proxy or of MLflow's own authentication are not JSON. */
function failureOf(text: string): z.infer<typeof Failure> {
  try {
    return Failure.parse(JSON.parse(text));
  } catch {
    return { error_code: '', message: text.slice(0, 200) };
  }
}
