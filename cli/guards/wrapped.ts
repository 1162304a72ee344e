/** A sentence in lines of at most so many columns, indented, and further where it goes on. A word that is longer stands alone. */
export function wrapped(text: string, columns: number, indent: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/ +/)) {
    const margin = ' '.repeat(lines.length === 0 ? indent : 2 * indent);
    if (line !== '' && margin.length + line.length + 1 + word.length > columns) {
      lines.push(margin + line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, ' '.repeat(lines.length === 0 ? indent : 2 * indent) + line];
}
