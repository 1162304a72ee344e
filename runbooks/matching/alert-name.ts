/** Longer names are nobody's; no words are looked for in them. */
const CHARACTERS_MAX = 500;

/** An alert's name, made ready to look for words in it. */
export interface AlertName {
  /** Letters and digits alone, in lower case. */
  readonly letters: string;
  /** By position in `letters`: whether a word begins there, surely or perhaps. */
  readonly starts: readonly Start[];
}

/** `perhaps`: at a capital among capitals, since nobody agrees on how VLLM or OOMKilled is written. */
type Start = 'surely' | 'perhaps' | 'no';

/** `KubePodOOMKilled`, `kube_pod_oom_killed` and `Kube pod OOM-killed` have the same words. */
export function readAlertName(name: string): AlertName {
  if (name.length > CHARACTERS_MAX) return { letters: '', starts: [] };
  const characters = [...name];
  const kinds = characters.map(kindOf);
  // Where all is in capitals they tell nothing, if something else parts the words.
  const isLoud = !kinds.includes('small') && kinds.includes('none');
  let letters = '';
  const starts: Start[] = [];
  for (const [at, character] of characters.entries()) {
    if (kinds[at] === 'none') continue;
    const lower = character.toLowerCase();
    letters += lower;
    starts.push(startAt(kinds, at, isLoud));
    for (let unit = 1; unit < lower.length; unit++) starts.push('no');
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

function startAt(kinds: readonly Kind[], at: number, isLoud: boolean): Start {
  const [before, kind, after] = [kinds[at - 1] ?? 'none', kinds[at], kinds[at + 1]];
  if (before === 'none') return 'surely';
  if (kind === 'number') return before === 'number' ? 'no' : 'surely';
  if (before === 'number') return 'surely';
  if (kind !== 'capital' || isLoud) return 'no';
  return before === 'capital' && after !== 'small' ? 'perhaps' : 'surely';
}

/** Whether a word of the name begins so. */
export function hasWord({ letters, starts }: AlertName, beginning: string, sure: 'surely' | 'perhaps' = 'perhaps'): boolean {
  for (let at = letters.indexOf(beginning); at >= 0; at = letters.indexOf(beginning, at + 1))
    if (starts[at] === 'surely' || starts[at] === sure) return true;
  return false;
}
