import { curedText } from '../incident/experience/cured-text.ts';
import type { Experience } from '../incident/experience/record.ts';
import { agedRow } from '../incident/experience/row.ts';
import type { FailureType } from '../incident/failure-type.ts';
import { escapeMarkdown } from '../incident/markdown.ts';

/** The page of what was learned of a failure type in the Web UI. */
export function experienceText(cluster: string, failureType: FailureType, { rows, incidents }: Experience, nowMs: number): string {
  const lines = rows.map(
    (row) => `| ${[row.cause, row.remedy, row.kind, curedText(agedRow(row, nowMs))].map(escapeMarkdown).join(' | ')} |`,
  );
  // The page cuts off about a line at the end, so that it ends with one that says nothing.
  return [
    `### What was learned of ${failureType}, cluster ${escapeMarkdown(cluster)}`,
    '',
    `From ${incidents.length} incidents that are remembered, and those before. What is older counts for less: half after 30 days.`,
    '',
    ...(lines.length > 0 ? ['| cause | remedy | kind of target | it |', '| --- | --- | --- | --- |', ...lines] : ['Nothing yet.']),
    '',
    '\u00a0',
    '',
  ].join('\n');
}
