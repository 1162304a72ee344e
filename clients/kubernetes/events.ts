import { randomUUID } from 'node:crypto';
import { CoreV1Api, type KubeConfig } from '@kubernetes/client-node';
import type { Target } from '../../incident/target.ts';
import { objectKindOf, resourceTypeOf } from './target-types.ts';

const MESSAGE_CHARACTERS_MAX = 1024;

/** Writes Events on targets, where `kubectl describe` shows them. */
export function eventWriter(config: KubeConfig) {
  const core = config.makeApiClient(CoreV1Api);
  return async ({ namespace, kind, name }: Target, reason: string, message: string): Promise<void> => {
    const { group, version } = resourceTypeOf(kind);
    const now = new Date();
    await core.createNamespacedEvent({
      namespace,
      body: {
        metadata: { name: `paramedic.${randomUUID()}`, namespace },
        involvedObject: { apiVersion: `${group}/${version}`, kind: objectKindOf(kind), namespace, name },
        reason,
        message: message.slice(0, MESSAGE_CHARACTERS_MAX),
        type: 'Normal',
        source: { component: 'paramedic' },
        firstTimestamp: now,
        lastTimestamp: now,
        count: 1,
      },
    });
  };
}
