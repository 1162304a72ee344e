import type {
  AppsV1Api,
  ConfigurationOptions,
  CoreV1Api,
  DiscoveryV1Api,
  V1Deployment,
  V1PodTemplateSpec,
  V1Service,
  V1StatefulSet,
} from '@kubernetes/client-node';
import { hasAll, type Labels } from '../../../incident/label-selector.ts';
import type { DependencySeen, WorkloadReadiness } from '../../../incident/paths.ts';
import { orNull } from '../api-failures.ts';
import { addressesIn, type NamedAddress } from './addresses.ts';
import { endpointsOf, faceOf, portsOf } from './services.ts';

const DEPENDENCIES_MAX = 8;
const WORKLOADS_ASKED_MAX = 300;

interface Apis {
  readonly apps: AppsV1Api;
  readonly core: CoreV1Api;
  readonly discovery: DiscoveryV1Api;
}

/** The Services of the cluster that a pod template names as addresses, with how what stands behind them is. Its own are none. */
export async function dependenciesSeen(
  apis: Apis,
  namespace: string,
  template: V1PodTemplateSpec,
  options: ConfigurationOptions,
): Promise<readonly DependencySeen[]> {
  const own = faceOf(template, undefined).labels;
  const named = await Promise.all(addressesIn(template).map((address) => serviceAt(apis.core, namespace, address, options)));
  const found = named.filter((one) => one !== null).filter((one) => one.namespace !== namespace || !hasAll(one.selector, own));
  const unique = new Map(found.map((one) => [`${one.namespace}/${one.service.metadata?.name}`, one]));
  return Promise.all([...unique.values()].slice(0, DEPENDENCIES_MAX).map((one) => dependencySeen(apis, one, options)));
}

/** A Service that exists, and which of its ports is meant. */
interface Found {
  readonly service: V1Service;
  readonly namespace: string;
  readonly selector: Labels;
  readonly port: DependencySeen['port'];
}

/** Null where there is no such Service, or nothing of the cluster stands behind it. */
async function serviceAt(
  core: CoreV1Api,
  own: string,
  { service: name, namespace: given, port: number }: NamedAddress,
  options: ConfigurationOptions,
): Promise<Found | null> {
  const namespace = given ?? own;
  const service = await orNull(() => core.readNamespacedService({ namespace, name }, options));
  const { selector = {}, type } = service?.spec ?? {};
  if (service === null || Object.keys(selector).length === 0 || type === 'ExternalName') return null;
  const port = portsOf(service).find((one) => number === null || one.number === number);
  return port ? { service, namespace, selector, port } : null;
}

async function dependencySeen(
  { apps, core, discovery }: Apis,
  { service, namespace, selector, port }: Found,
  options: ConfigurationOptions,
): Promise<DependencySeen> {
  const name = service.metadata?.name ?? '';
  const [endpoints, home, deployments, statefulSets] = await Promise.all([
    endpointsOf(discovery, namespace, name, options),
    core.readNamespace({ name: namespace }, options),
    apps.listNamespacedDeployment({ namespace, limit: WORKLOADS_ASKED_MAX }, options),
    apps.listNamespacedStatefulSet({ namespace, limit: WORKLOADS_ASKED_MAX }, options),
  ]);
  const behind = [
    ...deployments.items.map((one) => ({ kind: 'Deployment' as const, one })),
    ...statefulSets.items.map((one) => ({ kind: 'StatefulSet' as const, one })),
  ].find(({ one }) => hasAll(selector, one.spec?.template.metadata?.labels ?? {}));
  return {
    service: name,
    namespace,
    namespaceLabels: home.metadata?.labels ?? {},
    selector,
    behind: behind?.one.spec ? faceOf(behind.one.spec.template, undefined) : null,
    port,
    ...endpoints,
    workload: behind ? readinessOf(behind.kind, behind.one) : null,
  };
}

export function readinessOf(kind: WorkloadReadiness['kind'], { metadata, spec, status }: V1Deployment | V1StatefulSet): WorkloadReadiness {
  return { kind, name: metadata?.name ?? '', wanted: spec?.replicas ?? 1, ready: status?.readyReplicas ?? 0 };
}
