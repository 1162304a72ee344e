import type { AlertSeries } from '../incident/alert.ts';

const QUERY_CHARACTERS_MAX = 2_000;
const EXPRESSION_CHARACTERS_MAX = 10_000;
/** A link holds more than the expression, and is escaped. */
const LINK_CHARACTERS_MAX = 4 * EXPRESSION_CHARACTERS_MAX;
/** A comparison with a number at the very end: the only rules that can be taken apart without parsing PromQL. */
const COMPARISON = /(>=|<=|==|!=|>|<)\s*([-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?)$/i;

/** What a rule compares, read from the link to it that Prometheus puts into its alerts; undefined where that does not tell. */
export function seriesOf(generatorUrl: string | undefined): AlertSeries | undefined {
  const expression = expressionOf(generatorUrl)?.trim() ?? '';
  const end = COMPARISON.exec(expression);
  const query = expression.slice(0, end?.index ?? 0).trim();
  // With `and` or `or` the comparison may be about the last part alone.
  if (end === null || query === '' || query.length > QUERY_CHARACTERS_MAX || /\b(and|or|unless|bool)\b/i.test(query)) return undefined;
  return { query, threshold: `${end[1]} ${end[2]}` };
}

/** The expression of a rule, read from the same link; undefined where there is none, or it is too long to be looked at. */
export function expressionOf(generatorUrl: string | undefined): string | undefined {
  if (!generatorUrl || generatorUrl.length > LINK_CHARACTERS_MAX) return undefined;
  try {
    const expression = new URL(generatorUrl).searchParams.get('g0.expr') ?? '';
    return expression !== '' && expression.length <= EXPRESSION_CHARACTERS_MAX ? expression : undefined;
  } catch {
    return undefined;
  }
}
