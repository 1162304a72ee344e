import type {
  AppsV1Api,
  ConfigurationOptions,
  CoreV1Api,
  CustomObjectsApi,
  DiscoveryV1Api,
  V1Pod,
  V1Service,
} from '@kubernetes/client-node';
import { hasAll, type Labels } from '../../../incident/label-selector.ts';
import type { Paths, ServiceSeen } from '../../../incident/paths.ts';
import type { WorkloadRead } from '../read-workload.ts';
import { isReady } from '../workload-seen.ts';
import { policiesAbout } from './policies.ts';
import { endpointsOf, faceOf, isMeant, portsOf, selectorText } from './services.ts';
import { lastWritten, msOf } from './written.ts';

const SERVICES_ASKED_MAX = 500;
const SERVICES_MAX = 10;
const WORKLOADS_ASKED_MAX = 300;

/** What is asked for what stands on paths. */
export interface PathApis {
  readonly apps: AppsV1Api;
  readonly core: CoreV1Api;
  readonly discovery: DiscoveryV1Api;
  readonly objects: CustomObjectsApi;
}

/** What requests to a workload go through. */
export async function pathsSeen(
  apis: PathApis,
  namespace: string,
  { object, releases, pods }: WorkloadRead,
  options: ConfigurationOptions,
): Promise<Paths> {
  const [newestRelease, previousRelease] = releases;
  const newest = faceOf(object.spec!.template, newestRelease?.metadata?.creationTimestamp ?? object.metadata?.creationTimestamp);
  const template = previousRelease?.template;
  const previous = template ? faceOf(template, previousRelease.metadata?.creationTimestamp) : null;
  const [all, policies] = await Promise.all([
    apis.core.listNamespacedService({ namespace, limit: SERVICES_ASKED_MAX }, options),
    policiesAbout(apis.objects, namespace, newest.labels, options),
  ]);
  const meant = all.items.filter((service) => isMeant(service, object.metadata?.name ?? '', newest, previous)).slice(0, SERVICES_MAX);
  const fits = ({ spec }: V1Service) => hasAll(spec?.selector ?? {}, newest.labels);
  const others = meant.every(fits) ? [] : await labelsOfOthers(apis.apps, namespace, object.metadata?.uid, options);
  // One that fits another workload is that one's, also while it has no pods.
  const own = meant.filter((service) => fits(service) || !others.some((labels) => hasAll(service.spec?.selector ?? {}, labels)));
  const services = await Promise.all(
    own.map(async (service): Promise<ServiceSeen> => {
      const [selected, endpoints] = await Promise.all([
        fits(service) ? pods.length : podsOf(apis.core, namespace, service, options),
        endpointsOf(apis.discovery, namespace, service.metadata?.name ?? '', options),
      ]);
      return { ...serviceSeen(service), selected, ...endpoints };
    }),
  );
  return {
    readAtMs: Date.now(),
    namespace,
    ownLabels: object.spec?.selector.matchLabels ?? {},
    newest,
    previous,
    services,
    policies,
    silent: pods.flatMap(silentSince),
  };
}

function serviceSeen(service: V1Service): Omit<ServiceSeen, 'selected' | 'ready' | 'notReady'> {
  const { metadata = {}, spec } = service;
  return {
    name: metadata.name ?? '',
    selector: spec?.selector ?? {},
    ports: portsOf(service),
    createdMs: msOf(metadata.creationTimestamp),
    changedMs: lastWritten(metadata).changedMs,
  };
}

/** Pods that a Service selects, whoever's; a few are enough. */
async function podsOf(core: CoreV1Api, namespace: string, { spec }: V1Service, options: ConfigurationOptions): Promise<number> {
  const labelSelector = selectorText(spec?.selector ?? {});
  return (await core.listNamespacedPod({ namespace, labelSelector, limit: 5 }, options)).items.length;
}

/** Labels of the pod templates of a namespace's other workloads. */
async function labelsOfOthers(
  apps: AppsV1Api,
  namespace: string,
  own: string | undefined,
  options: ConfigurationOptions,
): Promise<readonly Labels[]> {
  const asked = { namespace, limit: WORKLOADS_ASKED_MAX };
  const [deployments, sets, daemons] = await Promise.all([
    apps.listNamespacedDeployment(asked, options),
    apps.listNamespacedStatefulSet(asked, options),
    apps.listNamespacedDaemonSet(asked, options),
  ]);
  return [...deployments.items, ...sets.items, ...daemons.items]
    .filter(({ metadata }) => metadata?.uid !== own)
    .map(({ spec }) => spec?.template.metadata?.labels ?? {});
}

/** Since when a pod runs without being ready, where none of its containers waits or has ended. */
function silentSince(pod: V1Pod): Paths['silent'] {
  const { metadata, status } = pod;
  const containers = status?.containerStatuses ?? [];
  const runs = containers.length > 0 && containers.every(({ state, lastState }) => state?.running && !lastState?.terminated);
  if (!runs || isReady(pod) || metadata?.deletionTimestamp) return [];
  const since = status?.conditions?.find(({ type }) => type === 'Ready')?.lastTransitionTime ?? metadata?.creationTimestamp;
  return [{ name: metadata?.name ?? '', sinceMs: msOf(since) }];
}
