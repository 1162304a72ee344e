import type { Client } from '@temporalio/client';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/codec-helpers.js';
import { z } from 'zod';
import type { Judgement } from '../../reporting/history/run.ts';
import { type HistoryEvent, timeOf } from './event.ts';

/** The update by which people say of an incident whether what was done was right. */
const JUDGE = 'judge';

/** As far as it says so; a word on the cause alone is none on what was done. */
const Said = z.object({ incident: z.string(), run: z.string().nullish(), says: z.enum(['right', 'wrong']) });

/** What people said of incidents to the workflow with this history. */
export async function judgedIn({ workflow }: Pick<Client, 'workflow'>, events: readonly HistoryEvent[]): Promise<readonly Judgement[]> {
  const judged: Judgement[] = [];
  for (const event of events) {
    const input = event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input;
    if (input?.name !== JUDGE) continue;
    const [call] = await decodeArrayFromPayloads(workflow.options.loadedDataConverter, input.args?.payloads);
    const { data } = Said.safeParse(call);
    if (data) judged.push({ incident: data.incident, run: data.run ?? null, says: data.says, atMs: timeOf(event) });
  }
  return judged;
}
