import type { z } from 'zod';

/** Deeper than any source nests what it says; what reads it may call itself so often and no more. */
const DEPTH_MAX = 64;

/** What a body of JSON holds, or the sentence that says what is wrong with it. */
export type JsonBody = { readonly kind: 'json'; readonly json: unknown } | { readonly kind: 'fault'; readonly fault: string };

export function readJsonBody(body: Uint8Array): JsonBody {
  const fault = (fault: string): JsonBody => ({ kind: 'fault', fault });
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return fault('The body is not JSON: it is not UTF-8.');
  }
  if (text.trim() === '') return fault('The body is not JSON: it is empty.');
  if (isTooDeep(body)) return fault(`The body is nested more than ${DEPTH_MAX} deep.`);
  try {
    return { kind: 'json', json: JSON.parse(text) };
  } catch (error) {
    // Without what V8 shows of the body, which may be secret and is the sender's own anyway.
    const place = /\(?line \d+ column \d+\)?/.exec(String(error))?.[0];
    return fault(`The body is not JSON${place === undefined ? '.' : `: it breaks at ${place.replace(/[()]/g, '')}.`}`);
  }
}

const [QUOTE, BACKSLASH] = ['"'.charCodeAt(0), '\\'.charCodeAt(0)];
const [OPENS, CLOSES] = [
  ['{', '['],
  ['}', ']'],
].map((signs) => signs.map((sign) => sign.charCodeAt(0))) as [number[], number[]];

/** The signs of JSON are single bytes in UTF-8, and no part of others. */
function isTooDeep(body: Uint8Array): boolean {
  let depth = 0;
  let isInText = false;
  for (let index = 0; index < body.length; index++) {
    const sign = body[index]!;
    if (isInText) {
      if (sign === BACKSLASH) index++;
      else if (sign === QUOTE) isInText = false;
    } else if (sign === QUOTE) isInText = true;
    else if (sign === OPENS[0] || sign === OPENS[1]) {
      if (++depth > DEPTH_MAX) return true;
    } else if (sign === CLOSES[0] || sign === CLOSES[1]) depth--;
  }
  return false;
}

/** What a body of JSON says by a schema. @param what the body is to be, such as `a notification of Google Cloud Monitoring` */
export function readBodyAs<T>(
  schema: z.ZodType<T>,
  body: Uint8Array,
  what: string,
): { readonly kind: 'read'; readonly value: T } | (JsonBody & { readonly kind: 'fault' }) {
  const parsed = readJsonBody(body);
  return parsed.kind === 'fault' ? parsed : valueAs(schema, parsed.json, `The body is not ${what}`);
}

/** @param sentence the beginning of what is said where it does not fit, such as `The body is not an event` */
export function valueAs<T>(schema: z.ZodType<T>, json: unknown, sentence: string) {
  const result = schema.safeParse(json);
  if (result.success) return { kind: 'read' as const, value: result.data };
  const issue = result.error.issues[0];
  const place = issue?.path.map(String).join('.').slice(0, PLACE_CHARACTERS_MAX) || '(root)';
  return { kind: 'fault' as const, fault: `${sentence}: ${place}: ${issue?.message.slice(0, PLACE_CHARACTERS_MAX)}.` };
}

/** Names in a path are the sender's. */
const PLACE_CHARACTERS_MAX = 300;
