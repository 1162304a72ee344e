import type { Command } from 'commander';
import type { PartName } from '../../sandbox/parts/part.ts';
import type { Ports } from '../../sandbox/ports.ts';
import { addPart, addPort, partName } from './options.ts';

const JSON_OPTION = ['--json', 'print one JSON document; what happens meanwhile goes to standard error'] as const;

/** What `sandbox up` is told on the command line. */
export interface UpOptions {
  readonly json?: boolean;
  readonly data?: string;
  readonly port?: Partial<Ports>;
  readonly with?: readonly PartName[];
  readonly realNode?: boolean;
}

/** Loaded when a command needs it, so that every other one starts quickly. */
const actions = () => import('./actions.ts');

export function addSandbox(program: Command): void {
  const sandbox = program
    .command('sandbox')
    .description('the real stack on this machine: Temporal, Kubernetes, KServe, MLflow, Prometheus');
  sandbox
    .command('up')
    .description('bring it up in the background, and say where everything is; the first time its servers are downloaded or built')
    .option('--data <folder>', 'where it keeps data, keys and logs (default: a folder in the cache)')
    .option('--port <name=number>', 'a port that must be this one, again for each (default: one that is free)', addPort)
    .option('--with <part>', 'an optional part to run, too, again for each (default: none)', addPart)
    .option('--real-node', 'make this machine a node of it that runs real containers; for root on Linux, with containerd')
    .option(...JSON_OPTION)
    .addHelpText('after', example('up', 'up --port temporal-ui=8233 --with paramedic'))
    .addHelpText('after', '\nPrograms, data and logs are in PARAMEDIC_CACHE, by default a folder in your cache directory.')
    .action(async (options: UpOptions) => (await actions()).up(options));
  sandbox
    .command('down')
    .description('end it, or what is left of it; its data stay for the next time')
    .option(...JSON_OPTION)
    .addHelpText('after', example('down'))
    .action(async ({ json = false }: { json?: boolean }) => (await actions()).down(json));
  sandbox
    .command('status')
    .description('tell how each part is doing; exit code 0 only if all of them run')
    .option(...JSON_OPTION)
    .addHelpText('after', example('status', 'status --json'))
    .action(async ({ json = false }: { json?: boolean }) => (await actions()).status(json));
  const verbs = {
    kill: 'kill one part, as a crash would',
    start: 'start one part on its data',
    restart: 'end one part and start it again',
  };
  for (const verb of ['kill', 'start', 'restart'] as const)
    sandbox
      .command(verb)
      .description(verbs[verb])
      .argument('<part>', 'which one', partName)
      .addHelpText('after', example(`${verb} prometheus`))
      .action(async (part: PartName) => (await actions()).actOnPart(verb, part));
}

function example(...lines: readonly string[]): string {
  const examples = lines.map((line) => `\n  paramedic sandbox ${line}`).join('');
  return `\n${lines.length > 1 ? 'Examples' : 'Example'}:${examples}`;
}
