import { Counter, Registry } from 'prom-client';
import type { WhyIgnored } from './intake.ts';

/** What became of a request, in a closed list. */
export type RequestResult =
  | 'taken'
  | 'health'
  | 'notFound'
  | 'wrongSecret'
  | 'bodyTooLarge'
  | 'notAlerts'
  | 'notForm'
  | 'notSigned'
  | 'notSlack'
  | 'notModelEvent'
  | 'notAllowed'
  | 'replayed'
  | 'slack'
  | 'notDecision'
  | 'raised'
  | 'notRaised'
  | 'decided'
  | 'shown'
  | 'decisionRefused'
  | 'unavailable'
  | 'failed';

/** The gateway's own figures, in a registry of their own so that two gateways in one process stay apart. */
export function gatewayMetrics() {
  const registry = new Registry();
  const alerts = new Counter<'result' | 'reason'>({
    name: 'paramedic_alerts_total',
    help: 'Alerts taken, by what became of them and, where they were left alone, why.',
    labelNames: ['result', 'reason'],
    registers: [registry],
  });
  const requests = new Counter<'code' | 'result'>({
    name: 'paramedic_gateway_requests_total',
    help: 'Requests to the gateway, by status code and what became of them.',
    labelNames: ['code', 'result'],
    registers: [registry],
  });
  const truncated = new Counter({
    name: 'paramedic_alerts_truncated_total',
    help: 'Alerts that a source says exist but did not send.',
    registers: [registry],
  });
  return {
    registry,
    request: (code: number, result: RequestResult) => requests.inc({ code, result }),
    alert: (result: 'joined' | 'handedOver' | 'resolved' | 'ignored' | 'alive', reason: WhyIgnored | 'none') =>
      alerts.inc({ result, reason }),
    truncated: (count: number) => truncated.inc(count),
  };
}

export type GatewayMetrics = ReturnType<typeof gatewayMetrics>;
