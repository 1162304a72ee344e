import { TargetChanged, TargetGone } from '../failures.ts';
import type { Answer, Failure } from '../http/system-call.ts';

/** There is none of this name. */
export function isMissing({ status }: Failure): boolean {
  return status === 404;
}

/** Somebody was there first: what would be made is there, or the etag is another by now. */
export function isConflict({ status, code }: Failure): boolean {
  return status === 409 || status === 412 || code === 'ABORTED';
}

/** What would be made is there already. */
export function isThere({ status, code }: Failure): boolean {
  return status === 409 && code === 'ALREADY_EXISTS';
}

/**
 * The body of an answer about what is looked at or changed.
 * @param text what it is, as a sentence begins
 * @throws TargetGone, TargetChanged where it expected those failures
 */
export function bodyOf(answer: Answer, text: string): unknown {
  if (answer.kind === 'done') return answer.body;
  if (isMissing(answer)) throw new TargetGone(`${text} does not exist.`);
  throw new TargetChanged(`${text} changed meanwhile: ${answer.message}`);
}
