import { DRILL_KINDS } from './kinds.ts';
import type { Drill, Manifest, Step } from './schema.ts';

/** So many pods a drill may want at once, all its workloads together. */
const PODS_MAX = 12;
const OBJECTS_MAX = 20;
const STEPS_MAX = 30;
const SECONDS_MAX = 900;

/** What would reach out of the namespace, or put others at a disadvantage, wherever it stands in an object. */
const FORBIDDEN_FIELDS: Readonly<Record<string, string>> = {
  hostPath: 'reaches into the node',
  hostNetwork: 'is on the network of the node',
  hostPID: 'sees the processes of the node',
  hostIPC: 'speaks to the processes of the node',
  hostPort: 'takes a port of the node',
  hostUsers: 'is a user of the node',
  privileged: 'may do anything on the node',
  allowPrivilegeEscalation: 'may become more than it is',
  capabilities: 'asks for capabilities',
  procMount: 'sees more of the node than others',
  nodeName: 'passes the scheduler by',
  priorityClassName: 'may drive out the pods of others',
  priority: 'may drive out the pods of others',
  tolerations: 'goes where nodes want nobody',
  serviceAccountToken: 'is given a right to ask the API server',
  externalIPs: 'takes traffic that is meant for others',
  loadBalancerIP: 'reaches out of the cluster',
  externalName: 'leads out of the cluster',
  volumeClaimTemplates: 'leaves volumes behind',
  persistentVolumeClaim: 'uses a volume that the drill did not make',
  finalizers: 'keeps an object from being deleted',
  ownerReferences: 'is taken away with what is not of the drill',
};

/** Why a scenario may not be run as a drill, each as `FIELD: what is wrong`; empty where it may. */
export function faultsOf(drill: Drill): string[] {
  const steps = [...named('setup', drill.setup), ...named('fault', drill.fault)];
  const created = steps.flatMap(({ step }) => (step.create ? [step.create] : []));
  const pods = created.reduce((sum, one) => sum + podsOf(one), 0);
  const waits = steps.reduce((sum, { step }) => sum + (step.waitSeconds ?? 0), drill.timeoutSeconds);
  return [
    ...(drill.nodes === 'real' ? ['nodes: must be simulated or both; real ones are those of the sandbox alone'] : []),
    ...(created.length > OBJECTS_MAX ? [`setup: makes ${created.length} objects; ${OBJECTS_MAX} are the most`] : []),
    ...(steps.length > STEPS_MAX ? [`fault: there are ${steps.length} steps; ${STEPS_MAX} are the most`] : []),
    ...(pods > PODS_MAX ? [`setup: wants ${pods} pods; ${PODS_MAX} are the most`] : []),
    ...(waits > SECONDS_MAX ? [`timeoutSeconds: with all that is waited for, it takes ${waits} s; ${SECONDS_MAX} are the most`] : []),
    ...steps.flatMap(({ field, step }) => faultsOfStep(step).map((fault) => `${field}: ${fault}`)),
  ];
}

function named(field: string, steps: readonly Step[]) {
  return steps.map((step, index) => ({ field: `${field}.${index}`, step }));
}

function faultsOfStep({ create, patch, delete: removed, patchPods }: Step): string[] {
  const faults = forbidden(create ?? patch?.merge ?? patchPods?.merge ?? {});
  const at = create ?? patch ?? removed;
  if (at && !DRILL_KINDS.some(({ apiVersion, kind }) => apiVersion === at.apiVersion && kind === at.kind))
    faults.push(`${at.kind} of ${at.apiVersion} is no kind that a drill may touch`);
  if (create && 'namespace' in create.metadata) faults.push('an object of a drill names no namespace');
  if (create && !/^[a-z0-9]([-a-z0-9]{0,40}[a-z0-9])?$/.test(create.metadata.name ?? ''))
    faults.push('an object of a drill has a short name');
  if (create?.kind === 'Service' && !['ClusterIP', undefined].includes(specOf(create).type)) faults.push('a Service is of type ClusterIP');
  if (patch?.subresource === 'status') faults.push('the status of an object is not a drill’s to write');
  const wanted = (patch?.merge as { spec?: { replicas?: number } } | undefined)?.spec?.replicas ?? 0;
  if (wanted > PODS_MAX) faults.push(`wants ${wanted} pods; ${PODS_MAX} are the most`);
  return faults;
}

/** Fields that nothing of a drill may have, wherever they stand; what is set to false is not asked for. */
function forbidden(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([field, one]) => {
    const why = Array.isArray(value) ? undefined : FORBIDDEN_FIELDS[field];
    const asksForNone = one === false || (field === 'capabilities' && !('add' in (one ?? {})));
    return why !== undefined && !asksForNone ? [`${field} ${why}`] : forbidden(one);
  });
}

interface Spec {
  readonly type?: string;
  readonly replicas?: number;
  readonly parallelism?: number;
  readonly maxReplicas?: number;
  readonly jobTemplate?: { readonly spec?: { readonly parallelism?: number } };
}

function specOf(manifest: Manifest): Spec {
  return (manifest.spec ?? {}) as Spec;
}

function podsOf(manifest: Manifest): number {
  const { replicas = 1, parallelism = 1, jobTemplate, maxReplicas = 0 } = specOf(manifest);
  switch (manifest.kind) {
    case 'Deployment':
    case 'StatefulSet':
      return replicas;
    case 'Job':
      return parallelism;
    case 'CronJob':
      return jobTemplate?.spec?.parallelism ?? 1;
    case 'HorizontalPodAutoscaler':
      return maxReplicas;
    default:
      return 0;
  }
}
