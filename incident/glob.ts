/** Whether a pattern, in which `*` stands for anything, is the whole text. Time grows with the text's length, whatever the pattern. */
export function matchesGlob(pattern: string, text: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return pattern === text;
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  let from = first.length;
  const end = text.length - last.length;
  for (const part of rest) {
    const at = text.indexOf(part, from);
    if (at < 0 || at + part.length > end) return false;
    from = at + part.length;
  }
  return true;
}

export function isGlob(pattern: string): boolean {
  return pattern.includes('*');
}

/** How many characters a pattern gives literally. */
export function literalsOf(pattern: string): number {
  return pattern.replaceAll('*', '').length;
}

/** Whether there is a text that both patterns match. */
export function globsOverlap(one: string, other: string): boolean {
  // reach[j]: the pattern read so far, and the first j characters of the other, can be the same text.
  let reach = Array.from({ length: other.length + 1 }, (_, j) => /^\**$/.test(other.slice(0, j)));
  for (const character of one.split('')) {
    const next: boolean[] = [];
    for (let j = 0; j <= other.length; j++) {
      const theirs = other[j - 1];
      const beside = j > 0 && next[j - 1]!;
      const above = reach[j]!;
      const both = j > 0 && reach[j - 1]!;
      if (character === '*') next.push(above || beside);
      else if (theirs === '*') next.push(above || beside);
      else next.push(both && theirs === character);
    }
    reach = next;
  }
  return reach[other.length]!;
}
