import type { Recorded } from './recorder.ts';

/** Query parameters that say how an answer is to be written, and not what is asked. */
const PRESENTATION = ['$alt'];

/** One request without what makes no difference: the order of keys, and keys that hold nothing. */
export function canonical({ query, body, ...rest }: Recorded): Recorded {
  const asked = Object.entries(query).filter(([name]) => !PRESENTATION.includes(name));
  return { ...rest, query: ordered(Object.fromEntries(asked)) as Recorded['query'], body: ordered(body) };
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).filter(([, held]) => held !== null);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, held]) => [key, ordered(held)]));
}
