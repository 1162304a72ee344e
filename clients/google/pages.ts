import { z } from 'zod';
import { Refused } from '../failures.ts';
import { readAnswer } from '../http/read-answer.ts';
import type { Answer, SystemCall } from '../http/system-call.ts';
import { isMissing } from './failures.ts';

const PAGES_MAX = 20;
const Page = z.object({ nextPageToken: z.string().default('') });

/** One list of a service. */
export interface Listing<T> {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly needs: string;
  /** Reads the entries of a page. */
  readonly page: z.ZodType<readonly T[]>;
  /** What is listed, as a sentence begins: `Vertex AI's list of the versions of model "7"`. */
  readonly what: string;
}

/**
 * All entries of a list, page by page; none where what it is a list of is not there.
 * @throws Refused where they are too many to be read; as `systemCall`
 */
export async function listAll<T>(call: (call: SystemCall) => Promise<Answer>, listing: Listing<T>): Promise<readonly T[]> {
  const { path, query, needs, page, what } = listing;
  const found: T[] = [];
  let pageToken = '';
  for (let pages = 0; pages < PAGES_MAX; pages++) {
    const asked = { ...query, ...(pageToken ? { pageToken } : {}) };
    const answer = await call({ method: 'GET', path, query: asked, needs, expects: isMissing });
    if (answer.kind === 'failed') return [];
    found.push(...readAnswer(page, answer.body, what));
    pageToken = readAnswer(Page, answer.body, what).nextPageToken;
    if (pageToken === '') return found;
  }
  throw new Refused(`${what} has more than ${PAGES_MAX} pages, and is not read whole.`);
}
