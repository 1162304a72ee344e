import type { Client } from '@temporalio/client';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/codec-helpers.js';
import type { AuditEntry } from '../../incident/audit-entry.ts';
import type { HistoryEvent } from './event.ts';

/** An entry of the audit trail that a history knows of. */
export interface Audited {
  readonly entry: AuditEntry;
  /** Of its line in the trail; null where the history has not heard that it stands there. */
  readonly hash: string | null;
}

/** The entries that a workflow had written, or was to have, in the order in which it asked for it. */
export async function auditedIn({ workflow }: Pick<Client, 'workflow'>, events: readonly HistoryEvent[]): Promise<readonly Audited[]> {
  const converter = workflow.options.loadedDataConverter;
  const audited = new Map<string, Audited>();
  for (const { eventId, activityTaskScheduledEventAttributes: asked, activityTaskCompletedEventAttributes: done } of events) {
    if (asked?.activityType?.name === 'audit') {
      const [, entry] = await decodeArrayFromPayloads(converter, asked.input?.payloads);
      audited.set(String(eventId), { entry: entry as AuditEntry, hash: null });
    }
    const one = audited.get(String(done?.scheduledEventId));
    if (!done || !one) continue;
    const [hash] = await decodeArrayFromPayloads(converter, done.result?.payloads);
    if (typeof hash === 'string') audited.set(String(done.scheduledEventId), { ...one, hash });
  }
  return [...audited.values()];
}
