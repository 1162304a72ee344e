import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { isSignedWithOne } from '../is-one-of.ts';
import type { ModelEvent } from './model-event.ts';
import type { Delivery, EventSource } from './receive.ts';

/** A delivery older than this, or from further in the future, is not taken. */
const TIMESTAMP_TOLERANCE_SECONDS = 300;
/** Tags on a model version by which it is known to be bad, and their values for that. */
const BAD: Readonly<Record<string, readonly string[]>> = {
  validation_status: ['failed', 'quarantined'],
  'paramedic.status': ['quarantined'],
};

/** The fields used of what MLflow sends; its versions add others. */
const Body = z.object({ entity: z.string(), action: z.string(), data: z.record(z.string(), z.unknown()).default({}) });
const Alias = z.object({ name: z.string(), alias: z.string(), version: z.string() });
const Tag = z.object({ name: z.string(), version: z.string(), key: z.string(), value: z.string().optional() });

/** MLflow's webhooks about its model registry, signed with the webhook's secret. */
export function mlflowWebhook(secrets: readonly string[]): EventSource {
  return {
    name: 'MLflow',
    check: (request, body, nowMs) => readSignature(request, body, secrets, nowMs),
    read: (json, { atMs }) => {
      const body = Body.safeParse(json);
      return body.success ? eventOf(body.data, atMs) : 'malformed';
    },
  };
}

/** An HMAC with SHA-256, in base64, of `<delivery id>.<timestamp>.<body>`, over the body byte for byte as it came. */
function readSignature(
  { headersDistinct }: Pick<IncomingMessage, 'headersDistinct'>,
  body: Buffer,
  secrets: readonly string[],
  nowMs: number,
): Delivery {
  const refused = (why: string): Delivery => ({ kind: 'refused', why });
  const [id, timestamp, signature] = ['id', 'timestamp', 'signature'].map((part) =>
    single(headersDistinct[part === 'id' ? 'x-mlflow-delivery-id' : `x-mlflow-${part}`]),
  );
  if (!id || !timestamp || !signature)
    return refused('It must have X-MLflow-Delivery-Id, X-MLflow-Timestamp and X-MLflow-Signature, once each.');
  // As MLflow writes them and in no other way, so that one delivery has one signature.
  if (!/^[\w-]{1,100}$/.test(id)) return refused('Its delivery id is none.');
  if (!/^[1-9]\d{0,10}$/.test(timestamp)) return refused('Its timestamp is no number of seconds.');
  if (!/^v1,[A-Za-z0-9+/]{43}=$/.test(signature)) return refused('Its signature is none of version 1.');
  const atMs = Number(timestamp) * 1000;
  if (!(Math.abs(nowMs - atMs) <= TIMESTAMP_TOLERANCE_SECONDS * 1000)) return refused('Its timestamp is too far from now.');
  const shown = Buffer.from(signature.slice(3), 'base64');
  if (!isSignedWithOne(secrets, [`${id}.${timestamp}.`, body], shown)) return refused('Its signature is wrong.');
  return { kind: 'signed', once: id, untilMs: atMs + TIMESTAMP_TOLERANCE_SECONDS * 1000, atMs };
}

function eventOf({ entity, action, data }: z.infer<typeof Body>, atMs: number): ModelEvent | 'malformed' | null {
  if (entity === 'model_version_alias' && action === 'created') {
    const alias = Alias.safeParse(data);
    if (!alias.success) return 'malformed';
    return { kind: 'aliasMoved', registry: 'mlflow', model: alias.data.name, alias: alias.data.alias, version: alias.data.version, atMs };
  }
  if (entity !== 'model_version_tag' || (action !== 'set' && action !== 'deleted')) return null;
  const tag = Tag.safeParse(data);
  if (!tag.success) return 'malformed';
  const { name: model, version, key, value = '' } = tag.data;
  const bad = BAD[key];
  if (!Object.hasOwn(BAD, key) || bad === undefined) return null;
  return action === 'set' && bad.includes(value)
    ? { kind: 'rejected', registry: 'mlflow', model, version, why: `${key}=${value}` }
    : { kind: 'acceptedAgain', registry: 'mlflow', model, version };
}

function single(values: readonly string[] | undefined): string | null {
  return values?.length === 1 && values[0] !== '' ? (values[0] ?? null) : null;
}
