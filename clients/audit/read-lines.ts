import { createReadStream } from 'node:fs';

const NEWLINE = 0x0a;
/** No entry comes near it; a file without ends of lines is none of ours. */
const LINE_BYTES_MAX = 4 * 2 ** 20;

/** A line of a file, byte for byte. */
export interface RawLine {
  /** From 1. */
  readonly number: number;
  readonly bytes: Buffer;
  /** False for what stands after the last end of a line. */
  readonly isEnded: boolean;
}

/** The lines of a file in order, however large it is. @throws a sentence when it cannot be read, or has a line that is too long. */
export async function* readLines(file: string, read: (bytes: number) => void = () => undefined): AsyncGenerator<RawLine> {
  let rest: Buffer = Buffer.alloc(0);
  let number = 0;
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    read(chunk.length);
    const text = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = text.indexOf(NEWLINE); end >= 0; end = text.indexOf(NEWLINE, start)) {
      yield { number: ++number, bytes: text.subarray(start, end), isEnded: true };
      start = end + 1;
    }
    rest = text.subarray(start);
    if (rest.length > LINE_BYTES_MAX)
      throw new Error(`Line ${number + 1} of ${file} is longer than ${LINE_BYTES_MAX} bytes; it must be the audit trail of Paramedic.`);
  }
  if (rest.length > 0) yield { number: ++number, bytes: rest, isEnded: false };
}
