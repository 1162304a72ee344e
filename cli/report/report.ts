import { type Command, Option } from 'commander';
import { z } from 'zod';
import { Report } from '../../reporting/measures/report.ts';
import { clusterName, dataOption } from '../arguments.ts';
import { moment } from '../audit/period.ts';
import { addDigest } from './digest-command.ts';
import type { ReportOptions } from './print-report.ts';

export function addReport(program: Command): void {
  const report = program
    .command('report')
    .enablePositionalOptions()
    .description('report on how well it works: what was healed without a person, how fast, what was wrong, and what it took')
    .addOption(new Option('--since <time>', 'from so long ago, such as 7d, or a time in ISO 8601 (default: 7d)').argParser(moment))
    .option('--to <time>', 'what was before this time (default: now)', moment)
    .option('--cluster <name>', 'only the incidents of this cluster (default: of all)', clusterName)
    .option('--trail <file...>', 'read these files of the audit trail, the oldest first, instead of the histories in Temporal')
    .addOption(new Option('--format <format>', 'how it is written').choices(['markdown', 'html', 'json']).default('markdown'))
    .option('--json', 'the same as --format json')
    .option('--output <file>', 'write it into this file')
    .addOption(dataOption())
    .addHelpText(
      'after',
      `
It reads the histories of incidents, for as long as Temporal keeps them. Every figure leads to the incidents it counts, and where
TEMPORAL_UI_URL is set, those to their pages. What each figure means: docs/report.md.

Examples:
  paramedic report
  paramedic report --since 7d --format html --output report.html
  paramedic report --json | jq .healing.share`,
    )
    .action((options: ReportOptions) => import('./print-report.ts').then(({ printReport }) => printReport(options)));
  addDigest(report);
  report
    .command('schema')
    .description('print the JSON Schema of the report')
    .addHelpText('after', '\nExample:\n  paramedic report schema > report.schema.json')
    .action(() => {
      const schema = { title: 'Report of Paramedic', ...z.toJSONSchema(Report) };
      process.stdout.write(`${JSON.stringify(schema, null, 2)}\n`);
    });
}
