import type { Person } from '../incident/person.ts';
import { readCaller, readLine } from './caller.ts';

const KEYS: readonly string[] = ['by', 'reason'];

/** Who takes what was told upon themselves. @throws a sentence that says what cannot be understood */
export function readAcknowledgement(call: unknown): { readonly who: Person; readonly reason: string } {
  if (typeof call !== 'object' || call === null || Array.isArray(call))
    throw new Error(`Cannot understand ${JSON.stringify(call) ?? 'nothing'}: it must be {"by": "your name"}.`);
  const unknown = Object.keys(call).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) throw new Error(`Cannot understand "${unknown}": only ${KEYS.join(', ')} may be given.`);
  const { by, reason } = call as Readonly<Record<string, unknown>>;
  return { who: readCaller(by), reason: readLine('reason', reason) };
}
