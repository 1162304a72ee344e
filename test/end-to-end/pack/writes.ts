import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { Write } from '../../../drills/judge.ts';

/** A change that Paramedic made to the cluster, by the API server's own record. */
export interface RecordedWrite extends Write {
  /** Epoch milliseconds. */
  readonly atMs: number;
  /** Null for what is in none. */
  readonly namespace: string | null;
}

interface AuditLine {
  readonly verb: string;
  readonly requestURI: string;
  readonly requestReceivedTimestamp: string;
  readonly user: { readonly username: string };
  readonly objectRef?: { readonly resource: string; readonly subresource?: string; readonly namespace?: string; readonly name?: string };
  readonly responseStatus?: { readonly code: number };
}

const PARAMEDIC = 'system:serviceaccount:paramedic:paramedic';
const READS = ['get', 'list', 'watch'];
/** Its audit trail on the object, and questions about its own rights. */
const NO_CHANGE = /^(events|\w+reviews)$/;

/** Reads the audit log as it grows; each call gives every write so far. */
export function writesIn(auditLogPath: string): () => readonly RecordedWrite[] {
  const writes: RecordedWrite[] = [];
  let offset = 0;
  let rest = '';
  return () => {
    const file = openSync(auditLogPath, 'r');
    try {
      const { size } = fstatSync(file);
      // It was rotated.
      if (size < offset) [offset, rest] = [0, ''];
      const buffer = Buffer.alloc(size - offset);
      offset += readSync(file, buffer, 0, buffer.length, offset);
      const lines = (rest + buffer.toString('utf8')).split('\n');
      rest = lines.pop() ?? '';
      writes.push(...lines.flatMap((line) => writeOf(line) ?? []));
    } finally {
      closeSync(file);
    }
    return writes;
  };
}

/** The write that a line of the log tells of, null when it tells of none of Paramedic's. */
export function writeOf(line: string): RecordedWrite | null {
  if (!line.includes(PARAMEDIC)) return null;
  const { verb, requestURI, requestReceivedTimestamp, user, objectRef, responseStatus } = JSON.parse(line) as AuditLine;
  if (user.username !== PARAMEDIC || READS.includes(verb) || !objectRef || NO_CHANGE.test(objectRef.resource)) return null;
  if (requestURI.includes('dryRun=') || (responseStatus?.code ?? 500) >= 300) return null;
  const { resource, subresource, namespace = null, name = '' } = objectRef;
  return {
    atMs: Date.parse(requestReceivedTimestamp),
    verb,
    resource: subresource ? `${resource}/${subresource}` : resource,
    namespace,
    name,
  };
}
