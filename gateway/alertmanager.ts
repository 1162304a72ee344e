import { z } from 'zod';
import type { Alert } from '../incident/alert.ts';
import { expressionOf, seriesOf } from './rule-series.ts';

/** Alertmanager's webhook, version 4. Only the fields used; newer Alertmanagers add others. */
const Body = z.object({
  version: z.string(),
  receiver: z.string().default(''),
  truncatedAlerts: z.number().default(0),
  alerts: z.array(
    z.object({
      status: z.enum(['firing', 'resolved']),
      labels: z.record(z.string(), z.string()),
      annotations: z.record(z.string(), z.string()).default({}),
      fingerprint: z
        .string()
        .regex(/^[0-9a-f]*$/)
        .default(''),
      startsAt: z.string().optional(),
      generatorURL: z.string().optional(),
    }),
  ),
});

/** The alerts of a webhook body, or the sentence that says what is wrong with it. */
export type Parsed =
  | { readonly kind: 'alerts'; readonly receiver: string; readonly alerts: readonly Alert[]; readonly truncated: number }
  | { readonly kind: 'notJson' | 'notAlertmanager'; readonly fault: string };

export function parseAlertmanager(text: string): Parsed {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { kind: 'notJson', fault: 'The body is not JSON.' };
  }
  const result = Body.safeParse(json);
  if (!result.success) {
    const issue = result.error.issues[0];
    const fault = `The body is not an Alertmanager webhook of version 4: ${issue?.path.join('.') || '(root)'}: ${issue?.message}.`;
    return { kind: 'notAlertmanager', fault };
  }
  const alerts = result.data.alerts.map(({ status, fingerprint, labels, annotations, startsAt, generatorURL }) => ({
    name: labels.alertname ?? '',
    status,
    fingerprint,
    labels,
    annotations,
    startsAt,
    expression: expressionOf(generatorURL),
    series: seriesOf(generatorURL),
  }));
  return { kind: 'alerts', receiver: result.data.receiver, alerts, truncated: result.data.truncatedAlerts };
}
