import type { z } from 'zod';

/** What a body of JSON says, or the sentence that says what is wrong with it. */
export type Read<T> = { readonly kind: 'read'; readonly value: T } | { readonly kind: 'fault'; readonly fault: string };

/** @param example a body that would do */
export function readJson<T>(schema: z.ZodType<T>, text: string, example: string): Read<T> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { kind: 'fault', fault: `The body is not JSON; it must be like ${example}.` };
  }
  const given = schema.safeParse(json);
  if (given.success) return { kind: 'read', value: given.data };
  const [issue] = given.error.issues;
  return {
    kind: 'fault',
    fault: `Cannot understand "${issue?.path.join('.') || 'the body'}": ${issue?.message}; it must be like ${example}.`,
  };
}
