import { writeFileSync } from 'node:fs';
import { writeHtml } from '../../../reporting/page/write-html.ts';
import { writeMarkdown } from '../../../reporting/page/write-markdown.ts';
import { told } from '../../../reporting/stories.ts';
import { incidentLinks } from '../../../worker/incident-links.ts';
import { settingsOfTemporal } from '../../incidents/temporal-settings.ts';
import { openProgress } from '../../progress.ts';
import { periodOf } from '../period.ts';
import { bytesOf } from '../trail-files.ts';
import { buildPage } from './build-page.ts';
import { factsOf } from './facts.ts';
import { readPeriod } from './read-period.ts';

const LENGTH_MS = 7 * 86_400_000;

/** What `audit report` takes. */
export interface ReportOptions {
  readonly from?: number;
  readonly to?: number;
  readonly file: readonly string[];
  readonly format: 'markdown' | 'html';
  readonly output?: string;
  readonly data: string;
}

export async function printReport({ from, to, file: files, format, output, data }: ReportOptions): Promise<void> {
  const madeMs = Date.now();
  const toMs = to ?? madeMs;
  const period = { ...periodOf(from ?? toMs - LENGTH_MS, toMs), toMs };
  const read = await readPeriod(files, period, openProgress('Reading the trail', bytesOf(files)).advance);
  const linkTo = incidentLinks(settingsOfTemporal(process.env, data));
  const page = buildPage(factsOf(read, told(read.entries, period)), { period, files, madeMs, linkTo });
  const text = format === 'html' ? writeHtml(page) : writeMarkdown(page);
  if (output === undefined) {
    process.stdout.write(text);
    return;
  }
  writeFileSync(output, text);
  process.stderr.write(`The report is in ${output}.\n`);
}
