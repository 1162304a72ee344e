import type { AlertSeries } from '../incident/alert.ts';

const QUERY_CHARACTERS_MAX = 2_000;
/** A comparison with a number at the very end: the only rules that can be taken apart without parsing PromQL. */
const COMPARISON = /^(.*\S)\s*(>=|<=|==|!=|>|<)\s*([-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?)\s*$/is;

/** What a rule compares, read from the link to it that Prometheus puts into its alerts; undefined where that does not tell. */
export function seriesOf(generatorUrl: string | undefined): AlertSeries | undefined {
  const expression = expressionIn(generatorUrl ?? '');
  const [, query, comparison, threshold] = COMPARISON.exec(expression ?? '') ?? [];
  // With `and` or `or` the comparison may be about the last part alone.
  if (query === undefined || query.length > QUERY_CHARACTERS_MAX || /\b(and|or|unless|bool)\b/i.test(query)) return undefined;
  return { query, threshold: `${comparison} ${threshold}` };
}

function expressionIn(url: string): string | null {
  try {
    return new URL(url).searchParams.get('g0.expr');
  } catch {
    return null;
  }
}
