import { ApiException } from '@kubernetes/client-node';
import { z } from 'zod';
import type { Reading } from '../../incident/reading.ts';
import { redact } from '../../incident/redact.ts';
import { whyOf } from './api-failures.ts';
import type { Deadline } from './deadline.ts';

const REASON_CHARACTERS_MAX = 500;

/**
 * What the call gives, or that it could not be read and why. It never fails.
 * @param what as it stands in a sentence, such as `the nodes`
 */
export async function reading<T>(what: string, deadline: Deadline, call: () => Promise<T>): Promise<Reading<T>> {
  try {
    return { kind: 'read', value: await deadline.orLate(call()) };
  } catch (error) {
    return { kind: 'unreadable', what, reason: redact(whyUnreadable(error), REASON_CHARACTERS_MAX) };
  }
}

/** The outer error of the HTTP client says only that something failed. */
function whyUnreadable(error: unknown): string {
  if (error instanceof ApiException) return `the API server answers ${error.code}: ${whyOf(error)}`;
  if (error instanceof z.ZodError) return `the answer is not what was expected: ${z.prettifyError(error).replaceAll(/\s+/g, ' ')}`;
  const { message, code, cause } = error as { message?: string; code?: unknown; cause?: unknown };
  if (message === 'fetch failed' && cause) return whyUnreadable(cause);
  if (code === 'ECONNREFUSED') return 'nothing listens there (connection refused)';
  return message || String(code ?? error);
}
