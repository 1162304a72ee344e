import { randomUUID } from 'node:crypto';
import { CoreV1Api, type KubeConfig } from '@kubernetes/client-node';
import type { Target, TargetKind } from '../../incident/target.ts';

const API_VERSIONS: Readonly<Record<TargetKind, string>> = {
  Deployment: 'apps/v1',
  StatefulSet: 'apps/v1',
  DaemonSet: 'apps/v1',
  InferenceService: 'serving.kserve.io/v1beta1',
  Job: 'batch/v1',
  CronJob: 'batch/v1',
};
const MESSAGE_CHARACTERS_MAX = 1024;

/** Writes Events on targets, where `kubectl describe` shows them. */
export function eventWriter(config: KubeConfig) {
  const core = config.makeApiClient(CoreV1Api);
  return async ({ namespace, kind, name }: Target, reason: string, message: string): Promise<void> => {
    const now = new Date();
    await core.createNamespacedEvent({
      namespace,
      body: {
        metadata: { name: `paramedic.${randomUUID()}`, namespace },
        involvedObject: { apiVersion: API_VERSIONS[kind], kind, namespace, name },
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
