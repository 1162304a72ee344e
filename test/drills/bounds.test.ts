import { describe, expect, it } from '@jest/globals';
import { faultsOf } from '../../drills/bounds.ts';
import { Drill } from '../../drills/schema.ts';

const POD = { containers: [{ name: 'server', image: 'a:1' }] };
const deployment = (of: { pod?: object; spec?: object; name?: string; namespace?: string } = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: of.name ?? 'a', ...(of.namespace ? { namespace: of.namespace } : {}) },
  spec: { replicas: 2, ...of.spec, template: { spec: { ...POD, ...of.pod } } },
});
const drill = (setup: readonly object[], of: Partial<Drill> = {}) =>
  Drill.parse({
    ...{ name: 'a', failureType: 'podCrash', setup, alert: { name: 'A', labels: {} }, target: { kind: 'Deployment', name: 'a' } },
    ...{ expect: { cause: 'flake', end: 'handedOver' }, check: [{ ready: { kind: 'Deployment', name: 'a' } }], ...of },
  });

describe('the bounds of a drill', () => {
  it('let workloads and what stands beside them be made', () => {
    const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' }, spec: { selector: { app: 'a' }, ports: [{ port: 80 }] } };
    expect(faultsOf(drill([deployment(), service]))).toEqual([]);
  });

  it.each([
    ['hostPath', { volumes: [{ name: 'a', hostPath: { path: '/' } }] }],
    ['hostNetwork', { hostNetwork: true }],
    ['hostPID', { hostPID: true }],
    ['privileged', { containers: [{ name: 'a', image: 'a', securityContext: { privileged: true } }] }],
    ['allowPrivilegeEscalation', { containers: [{ name: 'a', image: 'a', securityContext: { allowPrivilegeEscalation: true } }] }],
    ['capabilities', { containers: [{ name: 'a', image: 'a', securityContext: { capabilities: { add: ['SYS_ADMIN'] } } }] }],
    ['hostPort', { containers: [{ name: 'a', image: 'a', ports: [{ containerPort: 1, hostPort: 1 }] }] }],
    ['priorityClassName', { priorityClassName: 'system-node-critical' }],
    ['nodeName', { nodeName: 'a' }],
    ['tolerations', { tolerations: [{ operator: 'Exists' }] }],
    ['serviceAccountToken', { volumes: [{ name: 'a', projected: { sources: [{ serviceAccountToken: { path: 'a' } }] } }] }],
    ['persistentVolumeClaim', { volumes: [{ name: 'a', persistentVolumeClaim: { claimName: 'a' } }] }],
  ])('refuse %s, in what is made and in what is patched', (field, pod) => {
    expect(faultsOf(drill([deployment({ pod })]))).toEqual([expect.stringMatching(`^setup\\.0: ${field} `)]);
    const patch = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'a', merge: { spec: { template: { spec: pod } } } };
    expect(faultsOf(drill([deployment()], { fault: [{ patch }] }))).toEqual([expect.stringMatching(`^fault\\.0: ${field} `)]);
  });

  it('let a container give up what it could do', () => {
    const securityContext = { allowPrivilegeEscalation: false, privileged: false, capabilities: { drop: ['ALL'] } };
    expect(faultsOf(drill([deployment({ pod: { containers: [{ name: 'a', image: 'a', securityContext }] } })]))).toEqual([]);
  });

  it.each([
    ['Node', 'v1'],
    ['Namespace', 'v1'],
    ['Secret', 'v1'],
    ['Pod', 'v1'],
    ['DaemonSet', 'apps/v1'],
    ['ClusterRole', 'rbac.authorization.k8s.io/v1'],
    ['RoleBinding', 'rbac.authorization.k8s.io/v1'],
    ['PersistentVolumeClaim', 'v1'],
    ['CustomResourceDefinition', 'apiextensions.k8s.io/v1'],
    ['Deployment', 'apps/v1beta1'],
  ])('refuse that a %s of %s is made, patched or deleted', (kind, apiVersion) => {
    const at = { apiVersion, kind, name: 'a' };
    const fault = [{ create: { apiVersion, kind, metadata: { name: 'a' } } }, { patch: { ...at, merge: {} } }, { delete: at }];
    expect(faultsOf(drill([deployment()], { fault }))).toEqual(
      fault.map((_, index) => `fault.${index}: ${kind} of ${apiVersion} is no kind that a drill may touch`),
    );
  });

  it('refuse another namespace, a status, a Service that reaches out, and nodes of the sandbox', () => {
    const status = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'a', merge: {}, subresource: 'status' as const };
    const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' }, spec: { type: 'LoadBalancer' } };
    expect(faultsOf(drill([deployment({ namespace: 'other' }), service], { fault: [{ patch: status }], nodes: 'real' }))).toHaveLength(4);
  });

  it('refuse more pods, and more time, than a drill needs', () => {
    expect(faultsOf(drill([deployment({ spec: { replicas: 13 } })]))).toEqual(['setup: wants 13 pods; 12 are the most']);
    expect(faultsOf(drill([deployment({ spec: { replicas: 7 } }), deployment({ name: 'b', spec: { replicas: 6 } })]))).toHaveLength(1);
    const scale = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'a', merge: { spec: { replicas: 100 } } };
    expect(faultsOf(drill([deployment()], { fault: [{ patch: scale }] }))).toEqual(['fault.0: wants 100 pods; 12 are the most']);
    expect(faultsOf(drill([deployment()], { timeoutSeconds: 900, fault: [{ waitSeconds: 1 }] }))).toHaveLength(1);
  });
});
