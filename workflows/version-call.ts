import type { PersonSays } from '../incident/models/person-says.ts';
import type { Person } from '../incident/person.ts';
import { readCaller } from './caller.ts';
import type { VersionCall } from './messages.ts';

const TEXT_CHARACTERS_MAX = 300;
const KEYS: Readonly<Record<PersonSays['kind'], readonly string[]>> = {
  pin: ['version', 'by', 'reason'],
  unpin: ['by', 'reason'],
  quarantine: ['version', 'by', 'reason'],
  release: ['version', 'by', 'reason'],
};

/** A person's call. @throws a sentence that names the field when it cannot be understood; a slip must not say something of the wrong version */
export function readVersionCall(
  kind: PersonSays['kind'],
  call: Partial<VersionCall> | undefined,
): { readonly says: PersonSays; readonly who: Person } {
  const given: unknown = call;
  const example = `{${kind === 'unpin' ? '' : '"version": "7", '}"by": "anna", "reason": "…"}`;
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new Error(`Cannot understand ${JSON.stringify(given) ?? 'nothing'}: it must be an object such as ${example}.`);
  const unknown = Object.keys(given).find((key) => !KEYS[kind].includes(key));
  if (unknown !== undefined) throw new Error(`Cannot understand "${unknown}": only ${KEYS[kind].join(', ')} may be given.`);
  const who = typeof call?.by === 'object' ? readCaller(call.by) : typed(text('by', call?.by));
  const said = { by: who.name, reason: text('reason', call?.reason) };
  return { who, says: kind === 'unpin' ? { kind, ...said } : { kind, version: text('version', call?.version), ...said } };
}

function typed(name: string): Person {
  return { id: name, name, way: 'webUi', groups: [] };
}

function text(key: string, value: unknown): string {
  if (typeof value === 'string' && value.trim() !== '' && value.length <= TEXT_CHARACTERS_MAX) return value.trim();
  throw new Error(`Cannot understand "${key}": it must be a text of 1 to ${TEXT_CHARACTERS_MAX} characters.`);
}
