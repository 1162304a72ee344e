import { z } from 'zod';
import { OWN_SOURCES } from '../../runbooks/sources.ts';
import { faultOfFile } from '../setting-files.ts';
import { basicPairs, itemsOf, secretList } from '../setting-lists.ts';
import type { Settings } from '../settings.ts';

const pemFile = z.string().min(1, 'must name a PEM file');

/** Which clients' certificates let which source in: `source=name`, one a line or parted by commas. */
const clients = z
  .string()
  .transform(itemsOf(/[\n,]/))
  .refine(
    (all) => all.length > 0 && all.every((one) => /^[a-z][a-z0-9-]*=\S+$/.test(one)),
    `must be source=name, such as alertmanager=alertmanager.monitoring.svc, one a line or parted by commas; sources are ${OWN_SOURCES.join(', ')} and those of sources.yaml`,
  )
  .transform((all) => all.map((one) => ({ source: one.slice(0, one.indexOf('=')), name: one.slice(one.indexOf('=') + 1) })));

/** What sources of alerts show when they send to the gateway. Unset: there is no such route. */
export const ALERT_SOURCE_SETTINGS = {
  PARAMEDIC_GRAFANA_SECRET: secretList.optional(),
  PARAMEDIC_GRAFANA_TIMESTAMP_HEADER: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9-]{0,99}$/, 'must be the name of a header, such as X-Grafana-Alerting-Timestamp')
    .optional(),
  PARAMEDIC_GRAFANA_TOKEN: secretList.optional(),
  PARAMEDIC_GRAFANA_BASIC: basicPairs.optional(),
  PARAMEDIC_PAGERDUTY_SECRET: secretList.optional(),
  PARAMEDIC_CLOUDEVENTS_TOKEN: secretList.optional(),
  PARAMEDIC_GOOGLE_MONITORING_BASIC: basicPairs.optional(),
  PARAMEDIC_GOOGLE_MONITORING_TOKEN: secretList.optional(),
  PARAMEDIC_DATADOG_TOKEN: secretList.optional(),
  PARAMEDIC_DATADOG_BASIC: basicPairs.optional(),
  PARAMEDIC_GATEWAY_TLS_CERT_FILE: pemFile.optional(),
  PARAMEDIC_GATEWAY_TLS_KEY_FILE: pemFile.optional(),
  PARAMEDIC_GATEWAY_TLS_CLIENT_CA_FILE: pemFile.optional(),
  PARAMEDIC_GATEWAY_CLIENTS: clients.optional(),
};

export const ALERT_SOURCE_SECRETS = [
  'PARAMEDIC_GRAFANA_SECRET',
  'PARAMEDIC_GRAFANA_TOKEN',
  'PARAMEDIC_GRAFANA_BASIC',
  'PARAMEDIC_PAGERDUTY_SECRET',
  'PARAMEDIC_CLOUDEVENTS_TOKEN',
  'PARAMEDIC_GOOGLE_MONITORING_BASIC',
  'PARAMEDIC_GOOGLE_MONITORING_TOKEN',
  'PARAMEDIC_DATADOG_TOKEN',
  'PARAMEDIC_DATADOG_BASIC',
] as const;

/** Settings of which one asks for another. */
const TOGETHER = [
  ['PARAMEDIC_GRAFANA_TIMESTAMP_HEADER', 'PARAMEDIC_GRAFANA_SECRET'],
  ['PARAMEDIC_GATEWAY_TLS_CERT_FILE', 'PARAMEDIC_GATEWAY_TLS_KEY_FILE'],
  ['PARAMEDIC_GATEWAY_TLS_KEY_FILE', 'PARAMEDIC_GATEWAY_TLS_CERT_FILE'],
  ['PARAMEDIC_GATEWAY_TLS_CLIENT_CA_FILE', 'PARAMEDIC_GATEWAY_TLS_CERT_FILE'],
  ['PARAMEDIC_GATEWAY_CLIENTS', 'PARAMEDIC_GATEWAY_TLS_CLIENT_CA_FILE'],
] as const satisfies readonly (readonly [keyof Settings, keyof Settings])[];

/** One header shows one of them only. */
const EITHER = [
  ['PARAMEDIC_GRAFANA_TOKEN', 'PARAMEDIC_GRAFANA_BASIC'],
  ['PARAMEDIC_GOOGLE_MONITORING_TOKEN', 'PARAMEDIC_GOOGLE_MONITORING_BASIC'],
  ['PARAMEDIC_DATADOG_TOKEN', 'PARAMEDIC_DATADOG_BASIC'],
] as const satisfies readonly (readonly [keyof Settings, keyof Settings])[];

const FILES = ['PARAMEDIC_GATEWAY_TLS_CERT_FILE', 'PARAMEDIC_GATEWAY_TLS_KEY_FILE', 'PARAMEDIC_GATEWAY_TLS_CLIENT_CA_FILE'] as const;

/** What is set and cannot be so, a fault each. */
export function alertSourceFaults(settings: Settings): readonly string[] {
  const isSet = (name: keyof Settings) => settings[name] !== undefined;
  return [
    ...TOGETHER.flatMap(([one, other]) => (isSet(one) && !isSet(other) ? [`${one}: needs ${other} as well`] : [])),
    ...EITHER.flatMap(([one, other]) => (isSet(one) && isSet(other) ? [`${one}: ${other} is set as well; keep one of the two`] : [])),
    ...FILES.flatMap((name) => (settings[name] === undefined ? [] : (faultOfFile(name, settings[name]) ?? []))),
  ];
}
