import { escapeMarkdown } from '../incident/markdown.ts';
import type { ModelRecord, SeenServing } from '../incident/model-record.ts';

/** The page of a model's record in the Web UI: what was seen serving, what is pinned, what is quarantined. */
export function modelRecordText(cluster: string, { model, registry, seen, pin, quarantined, promotedMs }: ModelRecord): string {
  const place = registry === null ? 'in no registry' : `in ${escapeMarkdown(registry)}`;
  // The page cuts off about a line at the end, so that it ends with one that says nothing.
  return [
    `### Model ${escapeMarkdown(model)} (${place}), cluster ${escapeMarkdown(cluster)}`,
    '',
    'All times are UTC.',
    '',
    ...(pin ? [`**Pinned:** ${cell(pin.version)} by ${cell(pin.by)} at ${time(pin.atMs)}: ${cell(pin.reason)}`, ''] : []),
    ...(promotedMs === null ? [] : [`**Last promoted by a person:** ${time(promotedMs)}`, '']),
    ...table(
      'Seen healthy in serving',
      ['version', 'server', 'from', 'until', 'for', 'address'],
      seen.map((one) => [one.version ?? '-', one.server, time(one.fromMs), time(one.untilMs), lengthOf(one), one.address]),
    ),
    ...table(
      'Quarantined',
      ['version', 'by', 'at', 'reason', 'address'],
      quarantined.map(({ version, by, atMs, reason, address }) => [version ?? '-', by, time(atMs), reason, address || '-']),
    ),
    '\u00a0',
    '',
  ].join('\n');
}

function table(title: string, header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [`**${title}:** none`, ''];
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [`**${title}**`, '', line(header), line(header.map(() => '---')), ...rows.map((row) => line(row.map(cell))), ''];
}

function cell(text: string): string {
  return escapeMarkdown(text);
}

function time(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
}

function lengthOf({ fromMs, untilMs }: SeenServing): string {
  const minutes = Math.floor((untilMs - fromMs) / 60_000);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h`;
}
