import { z } from 'zod';
import { fingerprintOf } from './identity.ts';
import { instantIn } from './instant.ts';
import { joined, type Labels, labelsFrom, textFrom } from './labels.ts';
import { hmac } from './locks/hmac.ts';
import type { Lock } from './locks/lock.ts';
import { readBodyAs } from './read-json-body.ts';
import { type AlertSource, alertsRead, type Reading } from './source.ts';

const BODY_BYTES_MAX = 2 ** 20;
/** While a secret is changed, a body is signed with each. */
const SIGNATURES_MAX = 10;
const STATUS: Readonly<Record<string, 'firing' | 'resolved'>> = {
  'incident.triggered': 'firing',
  'incident.reopened': 'firing',
  'incident.resolved': 'resolved',
};

/** The fields used of a webhook of version 3. */
const Event = z.object({
  event: z.object({
    id: z.string().min(1).max(200),
    event_type: z.string(),
    occurred_at: z.string().refine((text) => !Number.isNaN(Date.parse(text)), 'must be a time'),
    data: z.unknown(),
  }),
});
const Incident = z.object({
  id: z.string().min(1),
  title: z.string().default(''),
  incident_key: z.string().nullish(),
  created_at: z.string().optional(),
  service: z.object({ summary: z.string().optional() }).nullish().catch(null),
  body: z.object({ details: z.unknown() }).nullish().catch(null),
  custom_details: z.unknown().optional(),
  custom_fields: z
    .array(z.object({ name: z.string(), value: z.unknown() }))
    .nullish()
    .catch(null),
});
type Incident = z.infer<typeof Incident>;

/** An HMAC in hex after `v1=`; several are parted by commas, and of other versions none counts. */
export function pagerDutySignature(secrets: readonly string[], setting: string): Lock {
  const shown = (header: string) => {
    const all = header.split(',').map((one) => one.trim());
    return all.length > SIGNATURES_MAX ? null : all.flatMap((one) => (one.startsWith('v1=') ? [one.slice('v1='.length)] : []));
  };
  return hmac(secrets, setting, { header: 'x-pagerduty-signature', shown, encoding: 'hex', timestamp: null });
}

/** PagerDuty's incidents, by a webhook subscription of version 3. */
export function pagerDuty(lock: Lock): AlertSource {
  return { name: 'PagerDuty', lock, bodyBytesMax: BODY_BYTES_MAX, read };
}

function read(body: Buffer): Reading {
  const what = 'a webhook of PagerDuty of version 3';
  const event = readBodyAs(Event, body, what);
  if (event.kind === 'fault') return event;
  const { id, event_type: type, occurred_at: occurred, data } = event.value.event;
  const status = Object.hasOwn(STATUS, type) ? STATUS[type] : undefined;
  if (status === undefined) return { kind: 'nothing', reason: `What is taken are ${Object.keys(STATUS).join(', ')}.` };
  const incident = Incident.safeParse(data);
  if (!incident.success) {
    const [issue] = incident.error.issues;
    return { kind: 'fault', fault: `The body is not ${what}: event.data.${issue?.path.join('.')}: ${issue?.message}.` };
  }
  const labels = labelsOfIncident(incident.data);
  const { id: incidentId, title, created_at: created } = incident.data;
  const alert = {
    name: labels.alertname ?? '',
    status,
    fingerprint: fingerprintOf('pagerduty', incidentId),
    labels,
    annotations: labelsFrom({ summary: title }),
    startsAt: instantIn(created),
  };
  return alertsRead([alert], id, Date.parse(occurred));
}

/** What whoever opened the incident said of it, as its details, its custom fields, or in its key; PagerDuty itself names no resource. */
function labelsOfIncident({ title, body, custom_details: details, custom_fields: fields, incident_key: key, service }: Incident): Labels {
  const custom = labelsFrom(Object.fromEntries((fields ?? []).map(({ name, value }) => [name, value])));
  return joined(
    labelsFrom(body?.details),
    labelsFrom(details),
    custom,
    labelsInKey(key ?? ''),
    labelsFrom({ alertname: textFrom(title), service: service?.summary }),
  );
}

/** A key such as `alertname=KubePodCrashLooping,namespace=ml,deployment=ranker`; in any other it says nothing. */
function labelsInKey(key: string): Labels {
  const pairs = key.split(',').map((pair) => /^\s*([a-z_]+)=([^=,\s]+)\s*$/.exec(pair));
  return pairs.every((pair) => pair !== null) ? labelsFrom(Object.fromEntries(pairs.map((pair) => [pair[1], pair[2]]))) : {};
}
