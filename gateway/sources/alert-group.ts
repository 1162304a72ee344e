import { z } from 'zod';
import type { Alert } from '../../incident/alert.ts';
import { expressionOf, seriesOf } from '../rule-series.ts';
import { instantIn } from './instant.ts';
import { labelsFrom } from './labels.ts';
import { readBodyAs } from './read-json-body.ts';
import type { Reading } from './source.ts';

const RECEIVER_CHARACTERS_MAX = 200;

/** A group of alerts as Prometheus' Alertmanager sends it, and those who took its form over. Only the fields used; newer ones add others. */
const Group = z.object({
  version: z.string(),
  receiver: z.string().default(''),
  truncatedAlerts: z.number().int().min(0).catch(0),
  alerts: z.array(
    z.object({
      status: z.enum(['firing', 'resolved']),
      labels: z.record(z.string(), z.string()),
      annotations: z.record(z.string(), z.string()).default({}),
      fingerprint: z
        .string()
        .regex(/^[0-9a-f]{0,64}$/)
        .default(''),
      startsAt: z.string().optional(),
      generatorURL: z.string().optional(),
    }),
  ),
});

/** @param what the body is to be, such as `an Alertmanager webhook of version 4` */
export function readAlertGroup(body: Uint8Array, what: string): Reading {
  const group = readBodyAs(Group, body, what);
  if (group.kind === 'fault') return group;
  const { receiver, truncatedAlerts: truncated, alerts } = group.value;
  return {
    kind: 'alerts',
    alerts: alerts.map(alertOf),
    receiver: receiver.slice(0, RECEIVER_CHARACTERS_MAX),
    truncated,
    once: null,
    happenedMs: null,
  };
}

function alertOf(given: z.infer<typeof Group>['alerts'][number]): Alert {
  const labels = labelsFrom(given.labels);
  return {
    name: labels.alertname ?? '',
    status: given.status,
    fingerprint: given.fingerprint,
    labels,
    annotations: labelsFrom(given.annotations),
    startsAt: instantIn(given.startsAt),
    expression: expressionOf(given.generatorURL),
    series: seriesOf(given.generatorURL),
  };
}
