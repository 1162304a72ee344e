import type { Command } from 'commander';

export function addWorker(program: Command): void {
  program
    .command('worker')
    .description('run a worker alone: the incidents of one cluster and what acts there')
    .addHelpText(
      'after',
      `
Answers GET /healthz, /readyz and /metrics at PARAMEDIC_HEALTH_ADDRESS. Ends gracefully on SIGTERM.

Examples:
  paramedic worker
  TEMPORAL_ADDRESS=temporal:7233 PARAMEDIC_CLUSTER=prod-eu PARAMEDIC_HEALTH_ADDRESS=0.0.0.0:8081 paramedic worker`,
    )
    .action(() => import('./processes/alone.ts').then(({ runAlone }) => runAlone('worker')));
}
