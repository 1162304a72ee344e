const CONTEXT_LINES = 3;

/**
 * What changes between two texts that differ in one place, as `git apply` takes it; empty where nothing does.
 * @param path from where it is to be applied; of an absolute one, the root
 */
export function unifiedDiff(path: string, before: string, after: string): string {
  const [old, now] = [linesOf(before), linesOf(after)];
  if (before === after) return '';
  const shorter = Math.min(old.length, now.length);
  let same = 0;
  while (same < shorter && old[same] === now[same]) same++;
  let sameAtEnd = 0;
  while (sameAtEnd < shorter - same && old[old.length - 1 - sameAtEnd] === now[now.length - 1 - sameAtEnd]) sameAtEnd++;
  const name = path.replace(/^\/+/, '');
  const from = Math.max(0, same - CONTEXT_LINES);
  const behind = Math.min(CONTEXT_LINES, sameAtEnd);
  const [oldEnd, newEnd] = [old.length - sameAtEnd, now.length - sameAtEnd];
  const hunk = [
    ...old.slice(from, same).map((line) => ` ${line}`),
    ...old.slice(same, oldEnd).map((line) => `-${line}`),
    ...now.slice(same, newEnd).map((line) => `+${line}`),
    ...old.slice(oldEnd, oldEnd + behind).map((line) => ` ${line}`),
  ];
  const range = (end: number) => `${from + 1},${end + behind - from}`;
  return [`--- a/${name}`, `+++ b/${name}`, `@@ -${range(oldEnd)} +${range(newEnd)} @@`, ...hunk, ''].join('\n');
}

/** A last line without an end is told as `git apply` wants it. */
function linesOf(text: string): readonly string[] {
  const lines = text.split('\n');
  const last = lines.pop()!;
  return last === '' ? lines : [...lines, `${last}\n\\ No newline at end of file`];
}
