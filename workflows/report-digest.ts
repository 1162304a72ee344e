import { defineSearchAttributeKey } from '@temporalio/common';
import { setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import { escapeMarkdown } from '../incident/markdown.ts';
import { makeDigest, postDigest } from './calls.ts';
import type { DigestInput } from './messages.ts';

/** When a schedule was due; it may have begun its workflow later. */
const DUE = defineSearchAttributeKey('TemporalScheduledStartTime', 'DATETIME');

/** Tells a channel of Slack how the time before it was begun, or was due to be, has gone. Returns whether it was posted, or stood there. */
export async function reportDigest({ channel, cluster, days }: DigestInput): Promise<'posted' | 'stood'> {
  const { typedSearchAttributes, startTime } = workflowInfo();
  const toMs = (typedSearchAttributes.get(DUE) ?? startTime).getTime();
  const digest = await makeDigest({ fromMs: toMs - days * 86_400_000, toMs, cluster });
  setCurrentDetails(
    [`### ${escapeMarkdown(digest.title)}`, '', ...digest.lines.map(({ text }) => `- ${escapeMarkdown(text)}`), ''].join('\n'),
  );
  return postDigest(channel, digest);
}
