import type { V1Deployment, V1PodSpec } from '@kubernetes/client-node';
import { WORKLOAD_IMAGE } from './images.ts';
import { REAL_NODE_LABEL, REAL_NODE_TAINT } from './kubelet-config.ts';

/** What a workload does when its release is not a broken one. It answers HTTP on port 8080 while it is well. */
export type Behaviour =
  | { readonly kind: 'ok' }
  | { readonly kind: 'crash' }
  /** Really holds so much memory before it answers: it is killed where that is above its limit. */
  | { readonly kind: 'eat'; readonly mebibytes: number };

/** Puts a pod on the real node, and on no other. */
export const ON_REAL_NODE = {
  nodeSelector: REAL_NODE_LABEL,
  tolerations: [{ key: REAL_NODE_TAINT.key, operator: 'Exists' }],
} as const satisfies Partial<V1PodSpec>;

/** A Deployment whose pods really run. */
export function realDeployment(options: {
  readonly name: string;
  readonly behaviour: Behaviour;
  /** `WORKLOAD_IMAGE` when left out; `BROKEN_WORKLOAD_IMAGE` crashes whatever the behaviour. */
  readonly image?: string;
  readonly memoryLimit?: string;
  readonly replicas?: number;
}): V1Deployment {
  const { name, behaviour, image = WORKLOAD_IMAGE, memoryLimit = '64Mi', replicas = 1 } = options;
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          ...ON_REAL_NODE,
          ...PLAIN,
          containers: [
            {
              name: 'server',
              image,
              imagePullPolicy: 'Never',
              args: argumentsFor(behaviour),
              ports: [{ containerPort: PORT }],
              resources: { requests: { cpu: '10m', memory: memoryLimit }, limits: { memory: memoryLimit } },
              readinessProbe: { httpGet: { path: '/', port: PORT }, periodSeconds: 1 },
            },
          ],
        },
      },
    },
  };
}

export const PORT = 8080;
/** The node has no DNS, and the workloads know nothing of the cluster. */
export const PLAIN = { automountServiceAccountToken: false, dnsPolicy: 'Default', terminationGracePeriodSeconds: 2 } as const;

function argumentsFor(behaviour: Behaviour): string[] {
  switch (behaviour.kind) {
    case 'ok':
    case 'crash':
      return [behaviour.kind];
    case 'eat':
      return ['eat', String(behaviour.mebibytes)];
    default:
      return behaviour satisfies never;
  }
}
