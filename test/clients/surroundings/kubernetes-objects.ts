import type { V1Node, V1Pod, V1PodSpec } from '@kubernetes/client-node';

/** A node that is ready and takes all pods, changed as the test wants. */
export function node(
  name: string,
  { cpu = '4', memory = '8Gi', ...other }: { cpu?: string; memory?: string; [resource: string]: string } = {},
  spec: V1Node['spec'] & object = {},
): V1Node {
  return {
    metadata: { name, labels: { 'kubernetes.io/hostname': name } },
    spec,
    status: { allocatable: { cpu, memory, pods: '110', ...other }, conditions: [{ type: 'Ready', status: 'True' }] },
  };
}

/** A pod that asks for what the test says, on a node or waiting for one. */
export function pod(name: string, on: string | null, requests: Record<string, string>, spec: Partial<V1PodSpec> = {}): V1Pod {
  return {
    metadata: { name, namespace: 'ml', uid: `uid-${name}` },
    spec: { containers: [{ name: 'main', resources: { requests } }], ...(on === null ? {} : { nodeName: on }), ...spec },
    status: { conditions: [{ type: 'Ready', status: on === null ? 'False' : 'True' }] },
  };
}
