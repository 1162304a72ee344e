import { z } from 'zod';

/** What a button of an incident says of what it is about. */
export const ButtonValue = z.strictObject({
  incident: z.string().min(1).max(1_000),
  plan: z.string().min(1).max(100),
  namespace: z.string().max(300),
});

/** JSON that came from outside; null where it is none, or not as it should be. */
export function jsonOf<T>(schema: z.ZodType<T>, text: string | null | undefined): T | null {
  try {
    const read = schema.safeParse(JSON.parse(text ?? ''));
    return read.success ? read.data : null;
  } catch {
    return null;
  }
}
