import { ApiException } from '@kubernetes/client-node';
import { z } from 'zod';
import { redact } from '../../incident/redact.ts';
import { Refused, TargetChanged, TargetGone } from '../failures.ts';

const MESSAGE_CHARACTERS_MAX = 500;

/** Kubernetes' Status, as far as it is used. */
const Status = z.object({
  message: z.string().default(''),
  details: z.object({ name: z.string().optional(), causes: z.array(z.object({ message: z.string().default('') })).default([]) }).optional(),
});

/** Runs a call about one object and turns the API server's refusals into the failures the product tells apart. */
export async function asClusterFailure<T>(object: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof ApiException)) throw error;
    const said = whyOf(error);
    if (error.code === 404) throw new TargetGone(`${object} does not exist.`, { cause: error });
    if (error.code === 409 || isFailedTest(error)) throw new TargetChanged(`${object} changed meanwhile.`, { cause: error });
    if (error.code === 401 || error.code === 403 || error.code === 422)
      throw new Refused(`The API server refuses it for ${object}: ${said}`, { cause: error });
    throw error;
  }
}

/** The value of the call, or null when what it asks for does not exist. */
export async function orNull<T>(call: () => Promise<T>): Promise<T | null> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof ApiException && error.code === 404) return null;
    throw error;
  }
}

/** The value of the call, or null when the object it is about does not exist. */
export async function unlessGone<T>(call: () => Promise<T>): Promise<T | null> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof TargetGone) return null;
    throw error;
  }
}

/** The API server's reason, causes included, and redacted: it quotes what it refuses. */
export function whyOf(error: ApiException<unknown>): string {
  const status = statusOf(error);
  const all = [status?.message, ...(status?.details?.causes ?? []).map(({ message }) => message)].filter(Boolean);
  return redact(all.join(' '), MESSAGE_CHARACTERS_MAX) || `HTTP ${error.code}`;
}

/** Both an invalid object and a JSON patch whose `test` does not hold are answered by 422; only the former names the object. */
function isFailedTest(error: ApiException<unknown>): boolean {
  return error.code === 422 && statusOf(error)?.details?.name === undefined;
}

function statusOf(error: ApiException<unknown>): z.infer<typeof Status> | null {
  try {
    return Status.parse(typeof error.body === 'string' ? JSON.parse(error.body) : error.body);
  } catch {
    return null;
  }
}
