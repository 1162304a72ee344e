/** Markup that may stand in a page as it is. */
export interface Markup {
  readonly markup: string;
}

type Part = string | number | Markup | readonly Markup[];

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Markup with what is put into it escaped, for text and for attributes in double quotes. */
export function html(literal: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return { markup: literal.reduce((text, rest, index) => `${text}${partText(parts[index - 1]!)}${rest}`) };
}

export const NOTHING: Markup = { markup: '' };

function partText(part: Part): string {
  if (typeof part === 'string' || typeof part === 'number') return escaped(String(part));
  return 'markup' in part ? part.markup : part.map(({ markup }) => markup).join('');
}

/** Names and reasons come from clusters, alerts and people: none is markup, and none turns the text beside it around. */
function escaped(text: string): string {
  return text
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/\p{Cf}/gu, '')
    .replace(/[&<>"']/g, (mark) => ENTITIES[mark]!);
}
