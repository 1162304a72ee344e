import { type Person, WAYS } from '../incident/person.ts';

const TEXT_CHARACTERS_MAX = 300;
const GROUPS_MAX = 200;
const KEYS: readonly string[] = ['id', 'name', 'way', 'groups'];

/**
 * Who gives a call: a person as a gateway or the command line knows them, or a name alone, as it is typed in the Web UI. Whoever may send
 * updates to Temporal is trusted to say who they are.
 * @throws a sentence that says what cannot be understood.
 */
export function readCaller(by: unknown): Person {
  const person = typeof by === 'object' && by !== null ? readPerson(by) : { id: readLine('by', by), groups: [], way: 'webUi' as const };
  const name = 'name' in person ? person.name : person.id;
  if (person.id === '' || name === '') throw new Error('Cannot take a call of nobody: "by" must name the person who gives it.');
  return { ...person, name };
}

function readPerson(by: object): Person {
  const { id, name, way, groups, ...others } = by as Readonly<Record<string, unknown>>;
  const known = WAYS.find((one) => one === way);
  const isGroups = Array.isArray(groups) && groups.length <= GROUPS_MAX && groups.every((one) => typeof one === 'string');
  if (known === undefined || !isGroups || Object.keys(others).length > 0)
    throw new Error(`Cannot understand "by": it must be a name, or an object with ${KEYS.join(', ')}.`);
  return { id: readLine('by.id', id), name: readLine('by.name', name), way: known, groups };
}

/** One line of text, trimmed; empty where none is given. @throws a sentence that names the key. */
export function readLine(key: string, value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string' || value.length > TEXT_CHARACTERS_MAX || /\p{Cc}/u.test(value))
    throw new Error(`Cannot understand "${key}": it must be one line of at most ${TEXT_CHARACTERS_MAX} characters.`);
  return value.normalize('NFKC').trim();
}
