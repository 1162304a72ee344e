import { z } from 'zod';
import { readJsonBody, valueAs } from './read-json-body.ts';
import type { Envelope } from './source.ts';

const EVENTS_MAX = 1_000;
const PREFIX = 'ce-';

/** An event as version 1.0 has it; its extensions are of no interest here. */
export const CloudEvent = z.object({
  specversion: z.string().regex(/^1\.\d+$/, 'must be 1.0'),
  id: z.string().min(1).max(1_000),
  source: z.string().min(1).max(2_000),
  type: z.string().min(1).max(500),
  subject: z.string().max(1_000).nullish(),
  time: z.string().optional().catch(undefined),
  data: z.unknown().optional(),
  data_base64: z.string().optional(),
});
type CloudEvent = z.infer<typeof CloudEvent>;

type Events = { readonly kind: 'events'; readonly events: readonly CloudEvent[] } | { readonly kind: 'fault'; readonly fault: string };

/** The events of a request: one, structured or binary, or a batch of them. */
export function eventsIn(body: Buffer, { headersDistinct }: Envelope): Events {
  const types = headersDistinct['content-type'] ?? [];
  if (types.length > 1) return { kind: 'fault', fault: 'The request has Content-Type more than once.' };
  const type = types[0]?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (type === 'application/cloudevents-batch+json') return batched(body);
  if (type === 'application/cloudevents+json') return structured(body);
  if (type.startsWith('application/cloudevents'))
    return { kind: 'fault', fault: 'Of the formats of events JSON is taken: application/cloudevents+json.' };
  if (headersDistinct[`${PREFIX}specversion`] !== undefined) return binary(body, headersDistinct);
  return {
    kind: 'fault',
    fault: 'The request is no CloudEvent: it has neither the Content-Type application/cloudevents+json nor the header ce-specversion.',
  };
}

function batched(body: Buffer): Events {
  const parsed = readJsonBody(body);
  if (parsed.kind === 'fault') return parsed;
  if (!Array.isArray(parsed.json)) return { kind: 'fault', fault: 'The body is no batch of CloudEvents: it is no array.' };
  if (parsed.json.length > EVENTS_MAX)
    return { kind: 'fault', fault: `A batch may have ${EVENTS_MAX} events; it has ${parsed.json.length}.` };
  const events: CloudEvent[] = [];
  for (const [index, one] of parsed.json.entries()) {
    const event = eventFrom(one, `Event ${index} of the batch is no CloudEvent`);
    if (event.kind === 'fault') return event;
    events.push(event.value);
  }
  return { kind: 'events', events };
}

function structured(body: Buffer): Events {
  const parsed = readJsonBody(body);
  if (parsed.kind === 'fault') return parsed;
  const event = eventFrom(parsed.json, 'The body is no CloudEvent');
  return event.kind === 'fault' ? event : { kind: 'events', events: [event.value] };
}

/** The attributes are headers, whose values are escaped as in an address; the body is the data. */
function binary(body: Buffer, headers: Envelope['headersDistinct']): Events {
  const attributes: Record<string, unknown> = {};
  for (const [header, values = []] of Object.entries(headers)) {
    if (!header.startsWith(PREFIX)) continue;
    if (values.length !== 1) return { kind: 'fault', fault: `The request has ${header.slice(0, HEADER_CHARACTERS_MAX)} more than once.` };
    try {
      attributes[header.slice(PREFIX.length)] = decodeURIComponent(values[0]!);
    } catch {
      return { kind: 'fault', fault: `The header ${header.slice(0, HEADER_CHARACTERS_MAX)} is not escaped as CloudEvents asks for.` };
    }
  }
  const parsed = body.length === 0 ? { kind: 'json' as const, json: undefined } : readJsonBody(body);
  if (parsed.kind === 'fault') return parsed;
  const { data_base64: _, ...own } = attributes;
  const event = valueAs(CloudEvent, { ...own, data: parsed.json }, 'The headers are of no CloudEvent');
  return event.kind === 'fault' ? event : { kind: 'events', events: [event.value] };
}

const HEADER_CHARACTERS_MAX = 100;

/** An event in JSON, whose data may be written in base64. */
function eventFrom(json: unknown, sentence: string) {
  const event = valueAs(CloudEvent, json, sentence);
  if (event.kind === 'fault' || event.value.data_base64 === undefined || event.value.data !== undefined) return event;
  const data = readJsonBody(Buffer.from(event.value.data_base64, 'base64'));
  if (data.kind === 'fault') return { kind: 'fault' as const, fault: `${sentence}: data_base64: ${data.fault}` };
  return { ...event, value: { ...event.value, data: data.json } };
}
