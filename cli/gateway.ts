import type { Command } from 'commander';

export function addGateway(program: Command): void {
  program
    .command('gateway')
    .description('run the gateway alone: alerts come in, incidents start or are joined')
    .addHelpText(
      'after',
      `
Takes Alertmanager's webhook at POST /alerts/alertmanager and, where their secrets are set, those of Grafana, PagerDuty, Google Cloud
Monitoring and Datadog, CloudEvents and the sources of sources.yaml, each at POST /alerts/<source> (docs/sources.md). Where
PARAMEDIC_SLACK_SIGNING_SECRET is set it takes Slack's commands at POST /slack/commands. It answers GET /healthz, /readyz and /metrics
on the same port.

Examples:
  PARAMEDIC_GATEWAY_SECRET_FILE=/run/secrets/gateway paramedic gateway
  PARAMEDIC_GRAFANA_SECRET_FILE=/run/secrets/grafana PARAMEDIC_GATEWAY_SECRET_FILE=/run/secrets/gateway paramedic gateway
  PARAMEDIC_GATEWAY_HOST=0.0.0.0 PARAMEDIC_GATEWAY_PORT=9099 TEMPORAL_ADDRESS=temporal:7233 paramedic gateway`,
    )
    .action(() => import('./processes/alone.ts').then(({ runAlone }) => runAlone('gateway')));
}
