import { type Command, Option } from 'commander';
import { z } from 'zod';
import { CasesFile } from '../rehearsal/cases/schema.ts';
import { ChannelsFile } from '../runbooks/channels.ts';
import { LimitsFile } from '../runbooks/limits.ts';
import { Runbook } from '../runbooks/schema.ts';
import { SourcesFile } from '../runbooks/sources.ts';

export function addSchema(program: Command): void {
  program
    .command('schema')
    .description('print the JSON Schema of a runbook, of its tests, of limits.yaml, channels.yaml or sources.yaml, for editors')
    .addOption(new Option('--limits', 'of limits.yaml instead of a runbook').conflicts(['channels', 'sources', 'tests']))
    .addOption(new Option('--channels', 'of channels.yaml instead of a runbook').conflicts(['sources', 'tests']))
    .addOption(new Option('--sources', 'of sources.yaml instead of a runbook').conflicts('tests'))
    .option('--tests', 'of the tests beside a runbook, NAME.test.yaml')
    .addHelpText(
      'after',
      `
Examples:
  paramedic schema > runbook.schema.json
  paramedic schema --limits > limits.schema.json
  paramedic schema --channels > channels.schema.json
  paramedic schema --sources > sources.schema.json
  paramedic schema --tests > tests.schema.json
and as the first line of a runbook or of one of these files, for editors with a YAML language server:
  # yaml-language-server: $schema=runbook.schema.json`,
    )
    .action(({ limits, channels, sources, tests }: { limits?: true; channels?: true; sources?: true; tests?: true }) => {
      const [title, of] = limits
        ? (['Paramedic limits', LimitsFile] as const)
        : channels
          ? (['Paramedic channels', ChannelsFile] as const)
          : sources
            ? (['Paramedic sources', SourcesFile] as const)
            : tests
              ? (['Tests of a Paramedic runbook', CasesFile] as const)
              : (['Paramedic runbook', Runbook] as const);
      const schema = { title, ...z.toJSONSchema(of, { io: 'input' }) };
      process.stdout.write(`${JSON.stringify(schema, null, 2)}\n`);
    });
}
