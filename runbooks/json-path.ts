import { JSONPathEnvironment, type JSONPathQuery } from 'json-p3';
import { z } from 'zod';

const PATH_CHARACTERS_MAX = 300;

/** RFC 9535 and nothing beyond it; no path runs code. Regular expressions are left out, since some never end. */
const environment = new JSONPathEnvironment({ strict: true });
for (const name of ['match', 'search']) environment.functionRegister.delete(name);

/** What stands in quotes is a name, whatever is in it. */
const QUOTED = /'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"/gs;

/** @throws a sentence that says what is wrong with it */
function compiled(text: string): JSONPathQuery {
  if (text.length > PATH_CHARACTERS_MAX) throw new Error(`must be a JSONPath of at most ${PATH_CHARACTERS_MAX} characters`);
  // Where it looks everywhere, a large document makes it slow, and what it finds may be another thing than was meant.
  if (text.replaceAll(QUOTED, '').includes('..')) throw new Error('must say where it looks; ".." is not taken');
  try {
    return environment.compile(text);
  } catch (error) {
    const { message, token } = error as { readonly message: string; readonly token?: { readonly index?: number } };
    const place = token?.index === undefined ? '' : `, at character ${token.index + 1}`;
    throw new Error(`must be a JSONPath as RFC 9535 has it, such as $.alert.name: ${message.replace(/ \('.*$/s, '')}${place}`);
  }
}

/** A JSONPath that may find several values. */
export const jsonPath = z.string().superRefine((text, context) => {
  const fault = faultOf(text);
  if (fault !== null) context.addIssue({ code: 'custom', message: fault });
});

/** A JSONPath that finds one value at most. */
export const jsonPathOfOne = jsonPath.refine(
  (text) => faultOf(text) !== null || compiled(text).singularQuery(),
  'must be a JSONPath that finds one value',
);

function faultOf(text: string): string | null {
  try {
    compiled(text);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

/** A path made ready once. @returns the values it finds in a document, so many at most */
export function openJsonPath(text: string): (json: unknown, most: number) => unknown[] {
  const query = compiled(text);
  return (json, most) => {
    const found: unknown[] = [];
    for (const { value } of query.lazyQuery(json as Parameters<JSONPathQuery['lazyQuery']>[0])) {
      if (found.length >= most) break;
      found.push(value);
    }
    return found;
  };
}
