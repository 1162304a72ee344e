import { z } from 'zod';
import { AuditLine } from '../../incident/audit-line.ts';
import { canonical } from '../../incident/canonical.ts';
import { sealed } from './seal.ts';

/** What chains a line; the rest of it may be of another release. */
const Chained = z.looseObject(
  AuditLine.pick({ at: true, written: true, writer: true, seq: true, prev: true, follows: true, torn: true, hash: true }).shape,
);

export type ChainedLine = z.infer<typeof Chained>;

/** What a line of a file is. */
export type ParsedLine =
  | { readonly kind: 'line'; readonly line: ChainedLine }
  /** A line of the trail that is not as it was written. @property hash that it says it has */
  | { readonly kind: 'changed'; readonly hash: string }
  | { readonly kind: 'unreadable' };

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Reads a line, and whether it is byte for byte what was written. */
export function parseLine(bytes: Uint8Array): ParsedLine {
  const [text, value] = decoded(bytes);
  const chained = Chained.safeParse(value);
  if (!chained.success) return { kind: 'unreadable' };
  const { hash, ...open } = value as AuditLine;
  const isAsWritten = canonical(value) === text && sealed(open).hash === hash;
  return isAsWritten ? { kind: 'line', line: chained.data } : { kind: 'changed', hash };
}

function decoded(bytes: Uint8Array): readonly [string, unknown] {
  try {
    const text = decoder.decode(bytes);
    return [text, JSON.parse(text)];
  } catch {
    return ['', null];
  }
}
