import type { ConfigurationOptions, CoreV1Api, CoreV1Event } from '@kubernetes/client-node';
import type { EventSeen } from '../../../incident/context.ts';
import { redact } from '../../../incident/redact.ts';

/** So many are asked for; the API server cannot sort them. */
const ASKED_MAX = 500;
const TOLD_MAX = 20;
const MESSAGE_CHARACTERS_MAX = 300;

/**
 * Warnings in a namespace about the objects of these names, the newest first.
 * @param names of the target, of what it owns, and of its pods
 */
export async function warningsAbout(
  core: CoreV1Api,
  namespace: string,
  names: ReadonlySet<string>,
  options: ConfigurationOptions,
): Promise<readonly EventSeen[]> {
  const { items } = await core.listNamespacedEvent({ namespace, fieldSelector: 'type=Warning', limit: ASKED_MAX }, options);
  return items
    .filter(({ involvedObject }) => names.has(involvedObject.name ?? ''))
    .map(eventSeen)
    .sort((a, b) => b.lastMs - a.lastMs)
    .slice(0, TOLD_MAX);
}

function eventSeen(event: CoreV1Event): EventSeen {
  const { involvedObject, reason, message, count, series, firstTimestamp, lastTimestamp, eventTime, metadata } = event;
  return {
    about: `${involvedObject.kind}/${involvedObject.name}`,
    reason: reason ?? '',
    message: redact(message ?? '', MESSAGE_CHARACTERS_MAX),
    firstMs: new Date(firstTimestamp ?? eventTime ?? metadata.creationTimestamp ?? 0).getTime(),
    count: series?.count ?? count ?? 1,
    lastMs: new Date(series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? 0).getTime(),
  };
}
