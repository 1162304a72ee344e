import type { Command } from 'commander';
import type { DemoReport } from '../demo/run-demo.ts';
import { INTERRUPTED_EXIT_CODE } from './exit-codes.ts';

interface Options {
  readonly once?: boolean;
  readonly json?: boolean;
  readonly realNode?: boolean;
}

export function addDemo(program: Command): void {
  program
    .command('demo')
    .description('bring the real stack up on this machine, break three things, and watch them heal')
    .option('--once', 'end the stack afterwards; without it the stack stays up for looking around')
    .option('--real-node', 'run real containers, with this machine as a node; root on Linux with containerd only')
    .option('--json', 'print one JSON document; what happens meanwhile goes to standard error')
    .addHelpText('after', '\nExit code 0 only if all three recovered, each by the one remedy that cures it.')
    .action((options: Options) => demo(options));
}

async function demo({ once = false, json = false, realNode = false }: Options): Promise<void> {
  const { summaryText } = await import('../demo/report.ts');
  const { runDemo } = await import('../demo/run-demo.ts');
  const abort = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => abort.abort());
  const tell = (line: string) => void (json ? process.stderr : process.stdout).write(`${line}\n`);
  const report = await runDemo({ once, realNode, tell, signal: abort.signal }).catch((error) => {
    if (!abort.signal.aborted) throw error;
    process.exitCode = INTERRUPTED_EXIT_CODE;
    return null;
  });
  if (report === null) return;
  const { incidents, asExpected, addresses } = report;
  if (json) console.log(JSON.stringify({ incidents, asExpected, temporalUiUrl: addresses.temporalUiUrl }));
  else console.log(`\n${summaryText(incidents)}${once ? '' : `\n\n${whereToLook(report)}`}`);
  if (!asExpected) process.exitCode = 1;
}

function whereToLook({ addresses }: DemoReport): string {
  return [
    'The stack is still up:',
    `  incidents  ${addresses.temporalUiUrl}`,
    `  alerts     ${addresses.alertmanagerUrl} and ${addresses.prometheusUrl}`,
    `  models     ${addresses.mlflowUrl}`,
    `  cluster    export KUBECONFIG=${addresses.kubeconfigPath}`,
    '  end it     npm run paramedic -- sandbox down',
  ].join('\n');
}
