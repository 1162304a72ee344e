import { writeFileSync } from 'node:fs';
import { reportFromHistories } from '../../reporting/from-histories.ts';
import type { Report } from '../../reporting/measures/report.ts';
import { writeHtml } from '../../reporting/page/write-html.ts';
import { writeMarkdown } from '../../reporting/page/write-markdown.ts';
import { reportPage } from '../../reporting/sections/report-page.ts';
import { histories } from '../../worker/histories/histories.ts';
import { incidentLinks } from '../../worker/incident-links.ts';
import { periodOf } from '../audit/period.ts';
import { withIncidents } from '../incidents/connect.ts';
import { settingsOfTemporal } from '../incidents/temporal-settings.ts';
import { openProgress, type Progress } from '../progress.ts';
import { reportFromTrail } from './from-trail.ts';

const LENGTH_MS = 7 * 86_400_000;

/** What `report` takes. */
export interface ReportOptions {
  readonly since?: number;
  readonly to?: number;
  readonly cluster?: string | null;
  readonly trail?: readonly string[];
  readonly format: keyof typeof WRITERS;
  readonly json?: true;
  readonly output?: string;
  readonly data: string;
}

const WRITERS = {
  markdown: (report: Report) => writeMarkdown(reportPage(report)),
  html: (report: Report) => writeHtml(reportPage(report)),
  json: (report: Report) => `${JSON.stringify(report, null, 2)}\n`,
} as const;

export async function printReport({ since, to, cluster = null, trail, format, json, output, data }: ReportOptions): Promise<void> {
  const nowMs = Date.now();
  const toMs = to ?? nowMs;
  const fromMs = since ?? toMs - LENGTH_MS;
  periodOf(fromMs, toMs, '--since');
  const wanted = { fromMs, toMs, cluster };
  const report = trail
    ? await reportFromTrail(trail, cluster, { bounds: wanted, nowMs, linkTo: incidentLinks(settingsOfTemporal(process.env, data)) })
    : await withIncidents(data, async ({ client, linkTo }) =>
        reportFromHistories(await histories(client).read(wanted, historyProgress()), wanted, { nowMs, linkTo }),
      );
  const text = WRITERS[json ? 'json' : format](report);
  if (output === undefined) {
    process.stdout.write(text);
    return;
  }
  writeFileSync(output, text);
  process.stderr.write(`The report is in ${output}.\n`);
}

/** How many there are is known once they are listed. */
function historyProgress(): (by: number, total: number) => void {
  let progress: Progress | null = null;
  return (by, total) => {
    progress ??= openProgress('Reading histories', total);
    progress.advance(by);
  };
}
