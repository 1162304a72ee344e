/** Longer names are nobody's; no words are looked for in them. */
const CHARACTERS_MAX = 500;

/** An alert's name, made ready to look for words in it. */
export interface AlertName {
  /** Letters and digits alone, in lower case. */
  readonly letters: string;
  /** By the letter they begin with: where in `letters` words begin. */
  readonly starts: ReadonlyMap<string, readonly Start[]>;
}

interface Start {
  readonly at: number;
  readonly isSure: boolean;
}

/** `perhaps`: at a capital among capitals, since nobody agrees on how VLLM or OOMKilled is written. */
type Begins = 'surely' | 'perhaps' | 'no';

/** `KubePodOOMKilled`, `kube_pod_oom_killed` and `Kube pod OOM-killed` have the same words. */
export function readAlertName(name: string): AlertName {
  if (name.length > CHARACTERS_MAX) return { letters: '', starts: new Map() };
  const characters = [...name];
  const kinds = characters.map(kindOf);
  // Where all is in capitals they tell nothing, if something else parts the words.
  const isLoud = !kinds.includes('small') && kinds.includes('none');
  let letters = '';
  const starts = new Map<string, Start[]>();
  for (const [at, character] of characters.entries()) {
    if (kinds[at] === 'none') continue;
    const lower = character.toLowerCase();
    const begins = beginsAt(kinds, at, isLoud);
    if (begins !== 'no') {
      const start = { at: letters.length, isSure: begins === 'surely' };
      const same = starts.get(lower);
      if (same) same.push(start);
      else starts.set(lower, [start]);
    }
    letters += lower;
  }
  return { letters, starts };
}

type Kind = 'small' | 'capital' | 'number' | 'none';

function kindOf(character: string): Kind {
  if (character >= 'a' && character <= 'z') return 'small';
  if (character >= 'A' && character <= 'Z') return 'capital';
  if (character >= '0' && character <= '9') return 'number';
  if (/\p{Lu}/u.test(character)) return 'capital';
  return /\p{L}/u.test(character) ? 'small' : /\p{N}/u.test(character) ? 'number' : 'none';
}

function beginsAt(kinds: readonly Kind[], at: number, isLoud: boolean): Begins {
  const [before, kind, after] = [kinds[at - 1] ?? 'none', kinds[at], kinds[at + 1]];
  if (before === 'none') return 'surely';
  if (kind === 'number') return before === 'number' ? 'no' : 'surely';
  if (before === 'number') return 'surely';
  if (kind !== 'capital' || isLoud) return 'no';
  return before === 'capital' && after !== 'small' ? 'perhaps' : 'surely';
}

/** Beginnings of words, of which one is enough, made ready to be looked for in many names. */
export interface Beginnings {
  readonly texts: readonly string[];
  readonly byLetter: ReadonlyMap<string, readonly Beginning[]>;
}

interface Beginning {
  readonly text: string;
  readonly mustBeSure: boolean;
}

/** Two letters are in too many rows of capitals: `ml` is in HTML, SAML and YAML. */
const SHORT = /^[a-z]{1,2}$/;

/** @param sure where a word must surely begin there */
export function beginnings(texts: readonly string[], sure?: 'surely'): Beginnings {
  const byLetter = new Map<string, Beginning[]>();
  for (const text of texts) {
    const same = byLetter.get(text[0]!) ?? [];
    byLetter.set(text[0]!, same);
    same.push({ text, mustBeSure: sure !== undefined || SHORT.test(text) });
  }
  return { texts, byLetter };
}

/** Whether a word of the name begins with one of them. */
export function hasWord({ letters, starts }: AlertName, { byLetter }: Beginnings): boolean {
  for (const [letter, places] of starts)
    for (const { text, mustBeSure } of byLetter.get(letter) ?? [])
      for (const { at, isSure } of places) if ((isSure || !mustBeSure) && letters.startsWith(text, at)) return true;
  return false;
}
