import type { Command } from 'commander';

export function addWatch(program: Command): void {
  program
    .command('watch')
    .description('watch the cluster alone: what is ill there begins incidents, also where there is no Prometheus')
    .option('--namespace <name...>', 'only these namespaces (default: those of PARAMEDIC_WATCH_NAMESPACES, or all)')
    .addHelpText(
      'after',
      `
Of several such processes one watches at a time; they agree by a Lease in PARAMEDIC_WATCH_LEASE_NAMESPACE. What is watched, and for how
long something must hold before it is an incident, is in docs/watch.md. Answers GET /healthz, /readyz and /metrics at
PARAMEDIC_HEALTH_ADDRESS. Ends gracefully on SIGTERM, and gives the Lease back.

Examples:
  paramedic watch
  paramedic watch --namespace ml --namespace serving
  TEMPORAL_ADDRESS=temporal:7233 PARAMEDIC_WATCH_HOLD=KubePodNotReady=300,KubeHpaMaxedOut=off paramedic watch`,
    )
    .action(({ namespace }: { readonly namespace?: readonly string[] }) =>
      import('./processes/alone.ts').then(({ runAlone }) =>
        runAlone('watch', namespace ? { PARAMEDIC_WATCH_NAMESPACES: namespace.join(',') } : {}),
      ),
    );
}
