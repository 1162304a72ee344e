import type { z } from 'zod';

/**
 * An answer as the fields used of it.
 * @param what the system and what was asked of it, as a sentence begins: `MLflow's answer about model "churn"`
 * @throws an error that names the first field that is not as it should be; another version of the system may answer so
 */
export function readAnswer<T extends z.ZodType>(schema: T, answer: unknown, what: string): z.infer<T> {
  const read = schema.safeParse(answer);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new Error(`${what} cannot be understood: ${issue?.path.join('.') || 'it'}: ${issue?.message}`, { cause: read.error });
}
