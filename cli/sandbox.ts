import type { Command } from 'commander';

/** Loaded when a command needs it, so that every other one starts quickly. */
const background = () => import('../sandbox/background.ts');

export function addSandbox(program: Command): void {
  const sandbox = program
    .command('sandbox')
    .description('the real stack on this machine: Temporal, Kubernetes, KServe, MLflow, Prometheus');
  sandbox
    .command('up')
    .description('bring it up in the background')
    .option('--real-node', 'make this machine a node of it that runs real containers; for root on Linux, with containerd')
    .option('--json', 'print one JSON document')
    .action(async ({ json, realNode }: { json?: true; realNode?: true }) => {
      const { sandboxStatus, sandboxUp } = await background();
      const include = realNode ? (await import('../sandbox/parts/part.ts')).REAL_NODE_PARTS : [];
      const abort = new AbortController();
      process.once('SIGINT', () => abort.abort());
      const before = await sandboxStatus();
      if (before.kind === 'up' && !include.every((name) => before.parts.some((part) => part.name === name)))
        throw new Error('The sandbox is up already, without a real node. End it first: paramedic sandbox down');
      const progress = (line: string) => void process.stderr.write(`${line}\n`);
      const addresses = before.kind === 'up' ? before.addresses : await sandboxUp({ include, progress, signal: abort.signal });
      if (json) return console.log(JSON.stringify(addresses));
      for (const [name, value] of Object.entries(addresses)) if (name !== 'gatewaySecret') console.log(`${name.padEnd(24)} ${value}`);
    });
  sandbox
    .command('down')
    .description('end it; its data stay for the next time')
    .option('--json', 'print one JSON document')
    .action(async ({ json }: { json?: true }) => {
      const wasUp = await (await background()).sandboxDown();
      console.log(json ? JSON.stringify({ wasUp }) : wasUp ? 'The sandbox is ended.' : 'The sandbox was not up.');
    });
  sandbox
    .command('status')
    .description('tell how each part is doing')
    .option('--json', 'print one JSON document')
    .action(async ({ json }: { json?: true }) => {
      const status = await (await background()).sandboxStatus();
      if (json) console.log(JSON.stringify(status));
      else if (status.kind === 'up')
        for (const part of status.parts)
          console.log(
            `${part.name.padEnd(24)} ${part.state === 'exited' ? part.reason : `${part.state} ${part.address}`}  ${part.logPath}`,
          );
      else console.log(status.kind === 'down' ? 'The sandbox is not up.' : 'The sandbox has fallen.');
      if (status.kind !== 'up') process.exitCode = 1;
    });
  for (const verb of ['kill', 'restart'] as const)
    sandbox
      .command(`${verb} <part>`)
      .description(`${verb} one part, on its data`)
      .action((part: string) => background().then(({ sandboxPart }) => sandboxPart(verb, part)));
}
