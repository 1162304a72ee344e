/** What `${…}` in a scenario's texts stands for, such as `bad.storageUri`. */
export type Variables = Map<string, string>;

/**
 * The same value with every `${…}` in its texts and field names replaced.
 * @throws when one stands for nothing.
 */
export function filled<T>(value: T, variables: Variables): T {
  if (typeof value === 'string') return fill(value, variables) as T;
  if (Array.isArray(value)) return value.map((one) => filled(one, variables)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [fill(key, variables), filled(one, variables)])) as T;
}

function fill(text: string, variables: Variables): string {
  return text.replace(/\$\{([^}]*)\}/g, (_, name: string) => {
    const value = variables.get(name);
    if (value === undefined) throw new Error(`\${${name}} stands for nothing here; there are ${[...variables.keys()].join(', ')}.`);
    return value;
  });
}
