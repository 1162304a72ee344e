import type { Client } from '@temporalio/client';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/codec-helpers.js';
import type { Telling, Told } from '../../activities/tell-channels.ts';
import type { Sent } from '../../reporting/history/run.ts';
import { type HistoryEvent, timeOf } from './event.ts';

/** What people were sent by the webhooks, by the name of the activity. */
const BY_WEBHOOKS: Readonly<Record<string, Sent['kind']>> = { escalate: 'page', askApproval: 'question' };

/** What people were sent that a channel took. */
export async function sentIn({ workflow }: Pick<Client, 'workflow'>, events: readonly HistoryEvent[]): Promise<readonly Sent[]> {
  const converter = workflow.options.loadedDataConverter;
  const asked = new Map<string, HistoryEvent>();
  const sent: Sent[] = [];
  for (const event of events) {
    if (event.activityTaskScheduledEventAttributes) asked.set(String(event.eventId), event);
    const done = event.activityTaskCompletedEventAttributes;
    const call = asked.get(String(done?.scheduledEventId))?.activityTaskScheduledEventAttributes;
    const kind = BY_WEBHOOKS[call?.activityType?.name ?? ''];
    if (kind) sent.push({ kind, atMs: timeOf(event) });
    if (call?.activityType?.name !== 'tellChannels') continue;
    const [telling] = (await decodeArrayFromPayloads(converter, call.input?.payloads)) as [Telling];
    const [told] = (await decodeArrayFromPayloads(converter, done?.result?.payloads)) as [Told];
    const { kind: said } = telling.notice;
    if (told.took.length > 0 && (said === 'page' || said === 'question' || said === 'reminder'))
      sent.push({ kind: said, atMs: timeOf(event) });
  }
  return sent;
}
