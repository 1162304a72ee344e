/** Longer names are nobody's; no words are looked for in them. */
const CHARACTERS_MAX = 500;

/** An alert's name, made ready to look for words in it. */
export interface AlertName {
  /** Letters and digits alone, in lower case. */
  readonly letters: string;
  /** By position in `letters`: whether a word may begin there, at a capital, or after a digit or anything that is no letter. */
  readonly starts: readonly boolean[];
}

/** `KubePodOOMKilled`, `kube_pod_oom_killed` and `Kube pod OOM-killed` have the same words. */
export function readAlertName(name: string): AlertName {
  if (name.length > CHARACTERS_MAX) return { letters: '', starts: [] };
  let letters = '';
  const starts: boolean[] = [];
  let before = ' ';
  for (const character of name) {
    if (/[\p{L}\p{N}]/u.test(character)) {
      const isStart = /\p{N}/u.test(character) ? !/\p{N}/u.test(before) : !/\p{L}/u.test(before) || /\p{Lu}/u.test(character);
      const lower = character.toLowerCase();
      letters += lower;
      for (let unit = 0; unit < lower.length; unit++) starts.push(unit === 0 && isStart);
    }
    before = character;
  }
  return { letters, starts };
}

/** Whether a word of the name begins so; each capital is taken for the beginning of one, since nobody agrees on how to write VLLM. */
export function hasWord({ letters, starts }: AlertName, beginning: string): boolean {
  for (let at = letters.indexOf(beginning); at >= 0; at = letters.indexOf(beginning, at + 1)) if (starts[at]) return true;
  return false;
}
