import type { Reply } from './recorder.ts';

/** A failure as Google's APIs write one. */
export function googleFailure(status: number, code: string, message: string): Reply {
  return { status, body: { error: { code: status, status: code, message } } };
}

export const NOT_FOUND = (what: string): Reply => googleFailure(404, 'NOT_FOUND', `${what} is not found.`);
