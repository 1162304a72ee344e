import { ApiException } from '@kubernetes/client-node';
import { Refused, TargetChanged, TargetGone } from '../cluster.ts';

/** Runs a call about one object and turns the API server's refusals into the failures the product tells apart. */
export async function asClusterFailure<T>(object: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof ApiException)) throw error;
    const said = messageOf(error);
    if (error.code === 404) throw new TargetGone(`${object} does not exist.`, { cause: error });
    if (error.code === 409 || isFailedTest(error, said)) throw new TargetChanged(`${object} changed meanwhile: ${said}`, { cause: error });
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

/** A JSON patch whose `test` did not hold is answered by 422, as is an invalid object. */
function isFailedTest(error: ApiException<unknown>, said: string): boolean {
  return error.code === 422 && /test(ing)? .*failed|test operation/i.test(`${said} ${JSON.stringify(error.body)}`);
}

function messageOf(error: ApiException<unknown>): string {
  const body = typeof error.body === 'string' ? parse(error.body) : error.body;
  const message = (body as { message?: unknown } | null)?.message;
  return typeof message === 'string' ? message.slice(0, 500) : `HTTP ${error.code}`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
