import { alertmanager } from '../../../gateway/sources/alertmanager.ts';
import { cloudEvents } from '../../../gateway/sources/cloud-events.ts';
import { datadog } from '../../../gateway/sources/datadog.ts';
import { googleMonitoring } from '../../../gateway/sources/google-monitoring.ts';
import { grafana } from '../../../gateway/sources/grafana.ts';
import { openGroupReader } from '../../../gateway/sources/large-groups.ts';
import { type Lock, OPEN } from '../../../gateway/sources/locks/lock.ts';
import { mapped } from '../../../gateway/sources/mapped.ts';
import { pagerDuty } from '../../../gateway/sources/pager-duty.ts';
import type { AlertSource, Envelope, Reading } from '../../../gateway/sources/source.ts';
import { parseSources } from '../../../runbooks/load.ts';
import * as samples from './samples.ts';

const { sources: given } = parseSources('sources.yaml', samples.MAPPING).sources;
const readGroup = openGroupReader();

/** Every source by its word, with what it is documented to send. */
export const SOURCES = {
  alertmanager: { open: (lock: Lock) => alertmanager(lock, readGroup), sample: samples.ALERTMANAGER, headers: {} },
  grafana: { open: (lock: Lock) => grafana(lock, readGroup), sample: samples.GRAFANA, headers: {} },
  pagerduty: { open: pagerDuty, sample: samples.PAGERDUTY, headers: {} },
  cloudevents: { open: cloudEvents, sample: samples.CLOUD_EVENT, headers: { 'content-type': ['application/cloudevents+json'] } },
  'google-monitoring': { open: googleMonitoring, sample: samples.GOOGLE_MONITORING, headers: {} },
  datadog: { open: datadog, sample: samples.DATADOG, headers: {} },
  'nightly-checks': {
    open: (lock: Lock) => mapped('nightly-checks', given['nightly-checks']!, lock),
    sample: samples.MAPPED,
    headers: {},
  },
} as const satisfies Readonly<
  Record<string, { readonly open: (lock: Lock) => AlertSource; readonly sample: object; readonly headers: Envelope['headersDistinct'] }>
>;

export type Word = keyof typeof SOURCES;
export const WORDS = Object.keys(SOURCES) as Word[];

/** What a source reads in a body; in its sample where none is given. */
export async function reading(word: Word, body: unknown = SOURCES[word].sample, headers?: Envelope['headersDistinct']): Promise<Reading> {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
  return SOURCES[word].open(OPEN).read(bytes, { headersDistinct: headers ?? SOURCES[word].headers });
}

/** The alerts in a body that has some. */
export async function alertsIn(...given: Parameters<typeof reading>) {
  const read = await reading(...given);
  if (read.kind !== 'alerts') throw new Error(read.kind === 'fault' ? read.fault : read.reason);
  return read.alerts;
}
