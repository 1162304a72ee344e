import { isDeepStrictEqual } from 'node:util';
import type { Leeway } from '../compare.ts';
import type { Recorded } from '../recorder.ts';
import { fieldPaths, type Operation, readOperation } from './graphql.ts';

/** What is asked of a GraphQL server, in a form in which two ways to write it down are the same. */
interface Asked extends Pick<Operation, 'kind' | 'name' | 'variables'> {
  readonly given: Readonly<Record<string, unknown>>;
  readonly paths: readonly string[];
}

type Input = Readonly<Record<string, unknown>>;

/**
 * GraphQL documents are compared by what they ask: spaces, fragments and the name that stands beside a document make no difference. Ours
 * may ask for fewer fields, and leave arguments to their defaults. An artifact's other properties, which the package always sends with its
 * tags, may be left as they are.
 */
export const ALIKE: Leeway = {
  form: (request) => ({ ...request, body: asked(request) }),
  isWithin(ours, theirs) {
    const { body: one, ...rest } = ours;
    const { body: other, ...restOfTheirs } = theirs;
    return isDeepStrictEqual(rest, restOfTheirs) && asksWithin(one as Asked, other as Asked);
  },
};

function asked({ body }: Recorded): Asked {
  const { query, variables = {} } = body as { query: string; variables?: Asked['given'] };
  const { kind, name, variables: declared, defaults, fields } = readOperation(query);
  const isGiven = (written: string) => !written.startsWith('$') || { ...defaults, ...variables }[written.slice(1)] !== undefined;
  return { kind, name, variables: declared, given: variables, paths: fieldPaths(fields, isGiven) };
}

function asksWithin(ours: Asked, theirs: Asked): boolean {
  if (ours.kind !== theirs.kind || ours.name !== theirs.name) return false;
  const sameTypes = Object.entries(ours.variables).every(([name, type]) => theirs.variables[name] === type);
  const fewerFields = ours.paths.every((path) => theirs.paths.includes(path));
  if (ours.name !== 'UpdateArtifact') return sameTypes && fewerFields && isDeepStrictEqual(ours.given, theirs.given);
  return sameTypes && fewerFields && isPart(ours.given.input as Input, theirs.given.input as Input);
}

function isPart(ours: Input, theirs: Input): boolean {
  return Object.entries(ours).every(([key, value]) => isDeepStrictEqual(value, theirs[key]));
}
