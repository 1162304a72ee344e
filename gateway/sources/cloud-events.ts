import type { z } from 'zod';
import { labelsOf } from '../resolve-target.ts';
import { type CloudEvent, eventsIn } from './cloud-event-modes.ts';
import { fingerprintOf } from './identity.ts';
import { instantIn } from './instant.ts';
import { joined, type Labels, labelsFrom, textFrom } from './labels.ts';
import type { Lock } from './locks/lock.ts';
import { type AlertSource, alertsRead, type Envelope, type Reading } from './source.ts';

const BODY_BYTES_MAX = 2 ** 20;

/** The types of events that are about an alert, and which alert that is; null: the event's data says so. */
const TYPES: Readonly<Record<string, { readonly alert: string | null; readonly status: 'firing' | 'resolved' }>> = {
  'dev.paramedic.alert.firing': { alert: null, status: 'firing' },
  'dev.paramedic.alert.resolved': { alert: null, status: 'resolved' },
  'dev.paramedic.drift.detected': { alert: 'DataDriftDetected', status: 'firing' },
  'dev.paramedic.drift.over': { alert: 'DataDriftDetected', status: 'resolved' },
  'dev.paramedic.quality.violated': { alert: 'DataQualityViolation', status: 'firing' },
  'dev.paramedic.quality.over': { alert: 'DataQualityViolation', status: 'resolved' },
  'dev.paramedic.accuracy.degraded': { alert: 'ModelAccuracyDegraded', status: 'firing' },
  'dev.paramedic.accuracy.over': { alert: 'ModelAccuracyDegraded', status: 'resolved' },
};
/** Of a thing that is watched by several of these, each is an alert of its own. */
const TELLING_APART: readonly string[] = ['feature', 'column', 'dataset', 'quality_kind'];
/** What an event says in words. */
const IN_WORDS: readonly string[] = ['summary', 'description'];

/** CloudEvents 1.0 over HTTP, in each of its modes. */
export function cloudEvents(lock: Lock): AlertSource {
  return { name: 'CloudEvents', lock, bodyBytesMax: BODY_BYTES_MAX, read };
}

function read(body: Buffer, envelope: Envelope): Reading {
  const events = eventsIn(body, envelope);
  if (events.kind === 'fault') return events;
  const taken = events.events.filter(({ type }) => Object.hasOwn(TYPES, type));
  if (taken.length === 0) return { kind: 'nothing', reason: `What is taken are events of the types ${Object.keys(TYPES).join(', ')}.` };
  const faults = taken.flatMap((event) => faultOf(event) ?? []);
  if (faults[0] !== undefined) return { kind: 'fault', fault: faults[0] };
  // An event is known by its source and its id together.
  return alertsRead(taken.map(alertOf), fingerprintOf('cloudevents', ...events.events.flatMap(({ source, id }) => [source, id])));
}

function faultOf(event: z.infer<typeof CloudEvent>): string | null {
  if (typeof event.data !== 'object' || event.data === null || Array.isArray(event.data))
    return `The event ${textFrom(event.id)} of the type ${event.type} has no data that is an object of JSON.`;
  const isNamed = TYPES[event.type]?.alert !== null || nameIn(event) !== '';
  return isNamed ? null : `The event ${textFrom(event.id)} of the type ${event.type} has no data.alertname.`;
}

function nameIn({ data }: z.infer<typeof CloudEvent>): string {
  const { alertname, labels } = data as { alertname?: unknown; labels?: unknown };
  return textFrom(alertname) || labelsFrom(labels).alertname || '';
}

function alertOf(event: z.infer<typeof CloudEvent>) {
  const { alert, status } = TYPES[event.type]!;
  const { fingerprint, startsAt, ...data } = event.data as Readonly<Record<string, unknown>>;
  const name = alert ?? nameIn(event);
  const plain = labelsFrom(data);
  const words = Object.fromEntries(IN_WORDS.flatMap((word) => (plain[word] === undefined ? [] : [[word, plain[word]]])));
  const own = Object.fromEntries(Object.entries(plain).filter(([label]) => !IN_WORDS.includes(label)));
  const labels = joined({ alertname: name }, labelsFrom(data.labels), own, labelsOfSubject(event.subject ?? ''));
  const apart = TELLING_APART.map((label) => labels[label] ?? '');
  return {
    name,
    status,
    fingerprint:
      typeof fingerprint === 'string' && /^[0-9a-f]{1,64}$/.test(fingerprint)
        ? fingerprint
        : fingerprintOf('cloudevents', event.source, event.subject ?? '', name, ...apart),
    labels,
    annotations: joined(words, labelsFrom(data.annotations)),
    startsAt: instantIn(typeof startsAt === 'string' ? startsAt : event.time),
  };
}

/** A subject such as `ml/InferenceService/churn`, as Paramedic writes targets; in any other it says nothing. */
function labelsOfSubject(subject: string): Labels {
  const [namespace, kind, name, ...more] = subject.split('/');
  if (!namespace || !kind || !name || more.length > 0) return {};
  const labels = labelsOf({ namespace, kind: kind as Parameters<typeof labelsOf>[0]['kind'], name });
  return Object.keys(labels).length > 1 ? labels : {};
}
