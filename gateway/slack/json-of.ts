import type { z } from 'zod';

/** JSON that came from outside; null where it is none, or not as it should be. */
export function jsonOf<T>(schema: z.ZodType<T>, text: string | null | undefined): T | null {
  try {
    const read = schema.safeParse(JSON.parse(text ?? ''));
    return read.success ? read.data : null;
  } catch {
    return null;
  }
}
