import { type Command, Option } from 'commander';
import { z } from 'zod';
import { AuditLine } from '../../incident/audit-line.ts';
import { dataOption } from '../arguments.ts';
import type { ExportOptions } from './export.ts';
import { moment } from './period.ts';
import type { ReportOptions } from './report/print-report.ts';
import { defaultTrail } from './trail-files.ts';
import type { VerifyOptions } from './verify.ts';

export function addAudit(program: Command): void {
  const audit = program.command('audit').description('check, export or report on what was decided and done');
  audit
    .command('verify')
    .description('check that no line of the audit trail was changed, taken out, put in or moved')
    .argument('[file...]', 'its files, the oldest first', [defaultTrail(process.env)])
    .option('--excerpt', 'the file was exported: check each line, and nothing between lines')
    .option('--temporal', 'compare it with the histories of incidents as well: they know whether its end was cut off')
    .addOption(dataOption())
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      `
Ends with exit code 1 where something is wrong, and names the lines.

Examples:
  paramedic audit verify
  paramedic audit verify audit-2026-02.jsonl audit.jsonl --temporal
  paramedic audit verify --excerpt march.jsonl --json`,
    )
    .action((files: string[], options: VerifyOptions) => import('./verify.ts').then(({ printVerified }) => printVerified(files, options)));
  withPeriod(audit.command('export').description('print the lines of a period as they stand, as JSON lines'))
    .option('--incident <id>', 'only those of this incident, as "incidents list" names it')
    .option('--output <file>', 'write them into this file, which must not be there yet')
    .addHelpText(
      'after',
      `
Examples:
  paramedic audit export --from 24h > yesterday.jsonl
  paramedic audit export --from 2026-03-01 --to 2026-04-01 --output march.jsonl
  paramedic audit export --incident outage/local/ml/Deployment/ranker`,
    )
    .action((options: ExportOptions) => import('./export.ts').then(({ exportTrail }) => exportTrail(options)));
  withPeriod(
    audit
      .command('report')
      .description('report on a period, for people: what happened, who decided, and which NIST AI RMF ids it supports'),
  )
    .addOption(new Option('--format <format>', 'how it is written').choices(['markdown', 'html']).default('markdown'))
    .option('--output <file>', 'write it into this file')
    .addOption(dataOption())
    .addHelpText(
      'after',
      `
Without --from it begins seven days ago. Where TEMPORAL_UI_URL is set, each incident has a link to its page.

Examples:
  paramedic audit report
  paramedic audit report --from 30d --format html --output report.html`,
    )
    .action((options: ReportOptions) => import('./report/print-report.ts').then(({ printReport }) => printReport(options)));
  audit
    .command('schema')
    .description('print the JSON Schema of a line of the audit trail')
    .addHelpText('after', '\nExample:\n  paramedic audit schema > audit-line.schema.json')
    .action(() => {
      const schema = { title: 'Line of the audit trail of Paramedic', ...z.toJSONSchema(AuditLine) };
      process.stdout.write(`${JSON.stringify(schema, null, 2)}\n`);
    });
}

function withPeriod(command: Command): Command {
  return command
    .option('--from <time>', 'what was at this time or later: so long ago, such as 24h or 7d, or a time in ISO 8601', moment)
    .option('--to <time>', 'what was before this time', moment)
    .option('--file <file...>', 'files of the trail, the oldest first', [defaultTrail(process.env)]);
}
