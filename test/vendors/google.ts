import type { GoogleAccess } from '../../clients/google/google-call.ts';
import type { Reply } from './recorder.ts';

export const WHERE = { project: 'ml-prod', location: 'europe-west4' };
/** What says who we are. */
export const TOKEN = 'ya29.hush-0123456789abcdef';

/** A double as a client reaches it. */
export function accessTo(url: string, change: Partial<GoogleAccess> = {}): GoogleAccess {
  return { ...WHERE, url, authorize: async (refused) => (refused ? null : { authorization: `Bearer ${TOKEN}` }), ...change };
}

/** A failure as Google's APIs write one. */
export function googleFailure(status: number, code: string, message: string): Reply {
  return { status, body: { error: { code: status, status: code, message } } };
}

export const NOT_FOUND = (what: string): Reply => googleFailure(404, 'NOT_FOUND', `${what} is not found.`);
