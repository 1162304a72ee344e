import { z } from 'zod';
import { AuditEntry } from './audit-entry.ts';

const hash = z.string().regex(/^[0-9a-f]{64}$/);

/** The code that wrote a line. */
const Code = z
  .strictObject({
    version: z.string().min(1).describe('Version of Paramedic.'),
    commit: z.string().min(1).optional().describe('The commit it was built from, where the build says so.'),
  })
  .describe('The code that did it and wrote the line.');

export type CodeVersion = z.infer<typeof Code>;

/** A line of the audit trail: an entry, and what chains it to the lines before it. */
export const AuditLine = z
  .strictObject({
    ...AuditEntry.shape,
    code: Code,
    written: z.iso.datetime().describe('When the line was written, which may be later than what it tells.'),
    writer: z
      .string()
      .regex(/^[0-9a-f]{16}$/)
      .describe('Which process wrote it: a random name that it gave itself when it started.'),
    seq: z.number().int().min(1).describe('The how-manieth line of this writer it is.'),
    prev: hash.nullable().describe('Hash of the last line that stood in the file; null: it was empty, so that the file begins here.'),
    follows: hash.optional().describe("Hash of this writer's last line in another file, where it went on in this one."),
    torn: hash
      .optional()
      .describe('SHA-256 of what stood, cut off, between that line and this one: what a killed process could not finish.'),
    hash: hash.describe('SHA-256 of this line without this field, as canonical JSON: no blanks, keys sorted.'),
  })
  .describe('A line of the audit trail of Paramedic.');

export type AuditLine = z.infer<typeof AuditLine>;
