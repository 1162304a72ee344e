/** One field of a GraphQL document, fragments put in where they are spread. */
export interface Field {
  /** What it is called in the answer. */
  readonly as: string;
  readonly name: string;
  /** Argument to its value as it is written, such as `$entity`. */
  readonly args: Readonly<Record<string, string>>;
  /** The value of its `@include(if:)` as it is written; null where it has none. */
  readonly include: string | null;
  readonly fields: readonly Field[];
}

/** One query or mutation. */
export interface Operation {
  readonly kind: string;
  readonly name: string;
  /** Variable to the type it is declared with, such as `String!`. */
  readonly variables: Readonly<Record<string, string>>;
  /** Variable to its default, as it is written. */
  readonly defaults: Readonly<Record<string, string>>;
  readonly fields: readonly Field[];
}

/** A field as it is written: a fragment may stand after what spreads it. */
type Written = (Omit<Field, 'fields'> & { readonly fields: readonly Written[] }) | { readonly spread: string };

/** The one operation of a document, as far as the packages' own documents need the language. @throws where it is no GraphQL */
export function readOperation(document: string): Operation {
  const tokens = document.match(/\.\.\.|"[^"]*"|[$@]?[A-Za-z_]\w*|-?\d+|[{}()[\]:=!]/g) ?? [];
  const read = reader(tokens);
  const fragments = new Map<string, readonly Written[]>();
  let found: (Omit<Operation, 'fields'> & { readonly fields: readonly Written[] }) | null = null;
  while (read.isMore()) {
    const kind = read.next();
    const name = read.next();
    if (kind === 'fragment') {
      read.take('on');
      read.next();
      fragments.set(name, read.selection());
    } else found = { kind, name, ...read.declarations(), fields: read.selection() };
  }
  if (found === null) return fail('it has no operation');
  return { ...found, fields: spreadOut(found.fields) };

  function spreadOut(fields: readonly Written[]): Field[] {
    return fields.flatMap((field) => {
      if (!('spread' in field)) return [{ ...field, fields: spreadOut(field.fields) }];
      return spreadOut(fragments.get(field.spread) ?? fail(`there is no fragment ${field.spread}`));
    });
  }
}

/** Reads the tokens of a document one after the other. */
function reader(tokens: readonly string[]) {
  let at = 0;
  const next = () => tokens[at++] ?? fail('it ends too early');
  const take = (wanted: string) => {
    if (next() !== wanted) fail(`"${wanted}" is missing before token ${at}`);
  };
  /** What stands between two brackets, if the first is there. */
  const between = (open: string, close: string, each: () => void) => {
    if (tokens[at] !== open) return;
    for (take(open); tokens[at] !== close; ) each();
    take(close);
  };

  function value(): string {
    let text = next();
    if (text === '[') while (!text.endsWith(']')) text += next();
    return text;
  }

  function declarations(): Pick<Operation, 'variables' | 'defaults'> {
    const variables: Record<string, string> = {};
    const defaults: Record<string, string> = {};
    between('(', ')', () => {
      const name = next().slice(1);
      take(':');
      let type = '';
      while (!/^[$)=]/.test(tokens[at] ?? ')')) type += next();
      variables[name] = type;
      if (tokens[at] !== '=') return;
      take('=');
      defaults[name] = value();
    });
    return { variables, defaults };
  }

  function args(): Record<string, string> {
    const given: Record<string, string> = {};
    between('(', ')', () => {
      const name = next();
      take(':');
      given[name] = value();
    });
    return given;
  }

  function selection(): Written[] {
    const fields: Written[] = [];
    between('{', '}', () => fields.push(selected()));
    return fields;
  }

  function selected(): Written {
    const as = next();
    if (as === '...') return { spread: next() };
    let name = as;
    if (tokens[at] === ':') {
      take(':');
      name = next();
    }
    const given = args();
    let include: string | null = null;
    if (tokens[at] === '@include') {
      take('@include');
      include = args().if ?? null;
    }
    return { as, name, args: given, include, fields: selection() };
  }

  return { isMore: () => at < tokens.length, next, take, declarations, selection };
}

function fail(why: string): never {
  throw new Error(`Cannot read the GraphQL document: ${why}.`);
}

/**
 * Every field with the way to it and its arguments, such as `project(name:$project)/id`.
 * @param isGiven whether an argument of this value, as it is written, is given at all; what is not makes no difference
 */
export function fieldPaths(fields: readonly Field[], isGiven: (written: string) => boolean, before = ''): string[] {
  return fields.flatMap(({ name, args, fields: below }) => {
    const given = Object.entries(args).filter(([, value]) => isGiven(value));
    const text = given.map(([key, value]) => `${key}:${value}`).sort();
    const path = `${before}${name}${text.length === 0 ? '' : `(${text.join(',')})`}`;
    return [path, ...fieldPaths(below, isGiven, `${path}/`)];
  });
}

/** A value, or a field that is answered by its arguments. */
type Resolved = unknown | ((args: Readonly<Record<string, unknown>>) => unknown);

/**
 * What a server that holds `root` answers: the fields that are asked for, and no others.
 * @throws where a field is asked for that it does not have, as a server would refuse
 */
export function project(operation: Operation, root: Readonly<Record<string, Resolved>>, given: Readonly<Record<string, unknown>>): unknown {
  const valueFor = (written: string): unknown => {
    if (written.startsWith('$')) {
      const name = written.slice(1);
      return given[name] ?? (name in operation.defaults ? valueFor(operation.defaults[name]!) : null);
    }
    return written.startsWith('[') ? written : JSON.parse(written);
  };
  const answer = (fields: readonly Field[], value: unknown): unknown => {
    if (Array.isArray(value)) return value.map((one) => answer(fields, one));
    if (value === null || fields.length === 0) return value;
    const object = value as Readonly<Record<string, Resolved>>;
    const shown = fields.filter(({ include }) => include === null || valueFor(include) === true);
    return Object.fromEntries(
      shown.map(({ as, name, args, fields: below }) => {
        if (!(name in object)) throw new Error(`Cannot query field "${name}" on type "${String(object.__typename ?? 'Object')}".`);
        const held = object[name];
        const by = Object.fromEntries(Object.entries(args).map(([key, written]) => [key, valueFor(written)]));
        return [as, answer(below, typeof held === 'function' ? held(by) : held)];
      }),
    );
  };
  return answer(operation.fields, root);
}
