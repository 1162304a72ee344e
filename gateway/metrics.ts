import { Counter, Registry } from 'prom-client';

/** The gateway's own figures, in a registry of their own so that two gateways in one process stay apart. */
export function gatewayMetrics() {
  const registry = new Registry();
  const alerts = new Counter({
    name: 'paramedic_alerts_total',
    help: 'Alerts taken, by what became of them.',
    labelNames: ['result'],
    registers: [registry],
  });
  const requests = new Counter({
    name: 'paramedic_gateway_requests_total',
    help: 'Requests to the gateway, by status code.',
    labelNames: ['code'],
    registers: [registry],
  });
  return { registry, alerts, requests };
}
