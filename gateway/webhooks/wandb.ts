import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { isSignedWithOne } from '../is-one-of.ts';
import { showsSecret } from '../shared-secret.ts';
import type { ModelEvent } from './model-event.ts';
import type { Delivery, EventSource } from './receive.ts';

/** W&B signs no time, so that the same body is taken once in so long. */
const SAME_BODY_MS = 10 * 60_000;
/** Tags by which a version is known to be bad. */
const BAD: readonly string[] = ['quarantined', 'validation-failed'];

/** What W&B and Paramedic share; several, while one takes the place of another. */
export interface WandbAccess {
  /** Shown as `Authorization: Bearer …`: W&B's access token of the webhook. */
  readonly tokens: readonly string[];
  /** Signs the body: W&B's secret of the webhook. */
  readonly secrets: readonly string[];
}

/** The payload that the automation is to be given, as docs/models.md has it. */
const Body = z.object({
  event: z.string(),
  model: z.string().min(1),
  version: z.string().default(''),
  alias: z.string().default(''),
  tag: z.string().default(''),
});

/** Webhooks of W&B's automations on a registry, whose payload is a template. */
export function wandbWebhook({ tokens, secrets }: WandbAccess): EventSource {
  return {
    name: 'W&B',
    check(request, body, nowMs) {
      if (!showsSecret(request, tokens)) return { kind: 'refused', why: 'It does not show the access token as "Authorization: Bearer …".' };
      return readSignature(request, body, secrets, nowMs);
    },
    read: (json, { atMs }) => {
      const body = Body.safeParse(json);
      return body.success ? eventOf(body.data, atMs) : 'malformed';
    },
  };
}

/** An HMAC with SHA-256 of the body; the documentation shows it in base64, receivers in use verify hex, and some write `sha256=` before it. */
function readSignature(
  { headersDistinct }: Pick<IncomingMessage, 'headersDistinct'>,
  body: Buffer,
  secrets: readonly string[],
  nowMs: number,
): Delivery {
  const refused = (why: string): Delivery => ({ kind: 'refused', why });
  const values = headersDistinct['x-wandb-signature'] ?? [];
  const shown = values.length === 1 ? digestIn(values[0]!.replace(/^sha256=/, '')) : null;
  if (shown === null) return refused('It must have X-Wandb-Signature once, in base64 or hex.');
  if (!isSignedWithOne(secrets, [body], shown)) return refused('Its signature is wrong.');
  return { kind: 'signed', once: createHash('sha256').update(body).digest('hex'), untilMs: nowMs + SAME_BODY_MS, atMs: nowMs };
}

function digestIn(text: string): Buffer | null {
  if (/^[0-9a-f]{64}$/.test(text)) return Buffer.from(text, 'hex');
  return /^[A-Za-z0-9+/]{43}=$/.test(text) ? Buffer.from(text, 'base64') : null;
}

function eventOf({ event, model, version: said, alias, tag }: z.infer<typeof Body>, atMs: number): ModelEvent | null {
  // `entity/project/name:v7`, or with an alias in the place of the version.
  const version = /:(v\d+)$/.exec(said)?.[1] ?? (/^v\d+$/.test(said) ? said : null);
  switch (event) {
    case 'ADD_ARTIFACT_ALIAS':
      return alias === '' ? null : { kind: 'aliasMoved', registry: 'wandb', model, alias, version, atMs };
    case 'ADD_ARTIFACT_TAG':
      return version !== null && BAD.includes(tag)
        ? { kind: 'rejected', registry: 'wandb', model, version, why: `with the tag ${tag}` }
        : null;
    case 'REMOVE_ARTIFACT_TAG':
      return version !== null && BAD.includes(tag) ? { kind: 'acceptedAgain', registry: 'wandb', model, version } : null;
    default:
      return null;
  }
}
