import type { Command } from 'commander';

export function addDemo(program: Command): void {
  program
    .command('demo')
    .description('bring the real stack up on this machine, break three things, and watch them heal')
    .option('--once', 'end the stack afterwards; without it the stack stays up for looking around')
    .option('--json', 'print one JSON document; what happens meanwhile goes to standard error')
    .action(({ once = false, json = false }: { once?: boolean; json?: boolean }) => demo(once, json));
}

async function demo(once: boolean, json: boolean): Promise<void> {
  const { summaryText } = await import('../demo/report.ts');
  const { runDemo } = await import('../demo/run-demo.ts');
  const abort = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => abort.abort());
  const tell = (line: string) => void (json ? process.stderr : process.stdout).write(`${line}\n`);
  const { incidents, asExpected, addresses } = await runDemo({ once, tell, signal: abort.signal });
  if (json) console.log(JSON.stringify({ incidents, asExpected, temporalUiUrl: addresses.temporalUiUrl }));
  else console.log(`\n${summaryText(incidents)}`);
  if (!json && !once)
    console.log(
      `\nThe stack is still up: incidents at ${addresses.temporalUiUrl}, alerts at ${addresses.alertmanagerUrl}, models at ${addresses.mlflowUrl}.\nThe cluster: export KUBECONFIG=${addresses.kubeconfigPath}\nEnd it with: npm run paramedic -- sandbox down`,
    );
  if (!asExpected) process.exitCode = 1;
}
