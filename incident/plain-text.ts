/**
 * One line as chats, pagers and mail programs may show it: it breaks no line, turns no text around, and holds no address that one of them
 * would make a link of.
 */
export function plainText(line: string): string {
  return line
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/[\p{Cf}\p{Cs}]/gu, '')
    .replace(/:\/\//g, '[:]//')
    .replace(/\b(www|mailto)([.:])/gi, '$1[$2]');
}

/** The first characters of a text, and a sign that some are left out. */
export function cut(text: string, charactersMax: number): string {
  const characters = Array.from(text);
  return characters.length > charactersMax ? `${characters.slice(0, charactersMax - 1).join('')}…` : text;
}
