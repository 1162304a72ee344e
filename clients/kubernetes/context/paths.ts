import type { ConfigurationOptions, CoreV1Api, CustomObjectsApi, DiscoveryV1Api, V1Pod, V1Service } from '@kubernetes/client-node';
import { hasAll } from '../../../incident/label-selector.ts';
import type { Face, Paths, ServiceSeen } from '../../../incident/paths.ts';
import { isReady, type WorkloadRead } from '../workload-seen.ts';
import { policiesAbout } from './policies.ts';
import { endpointsOf, faceOf, isMeant, portsOf, selectorText } from './services.ts';
import { lastWritten, msOf } from './written.ts';

const SERVICES_ASKED_MAX = 500;
const SERVICES_MAX = 10;
const SLICES_ASKED_MAX = 500;

/** What is asked for what stands on paths. */
export interface PathApis {
  readonly core: CoreV1Api;
  readonly discovery: DiscoveryV1Api;
  readonly objects: CustomObjectsApi;
}

/** What requests to a workload go through. */
export async function pathsSeen(
  { core, discovery, objects }: PathApis,
  namespace: string,
  { deployment, replicaSets, pods }: WorkloadRead,
  options: ConfigurationOptions,
): Promise<Paths> {
  const [newestSet, previousSet] = replicaSets;
  const newest = faceOf(deployment.spec!.template, newestSet?.metadata?.creationTimestamp ?? deployment.metadata?.creationTimestamp);
  const template = previousSet?.spec?.template;
  const previous = template ? faceOf(template, previousSet.metadata?.creationTimestamp) : null;
  const [all, slices, policies] = await Promise.all([
    core.listNamespacedService({ namespace, limit: SERVICES_ASKED_MAX }, options),
    discovery.listNamespacedEndpointSlice({ namespace, limit: SLICES_ASKED_MAX }, options),
    policiesAbout(objects, namespace, newest.labels, options),
  ]);
  const meant = all.items.filter((service) => isMeant(service, deployment.metadata?.name ?? '', newest, previous)).slice(0, SERVICES_MAX);
  const services = await Promise.all(
    meant.map(async (service): Promise<ServiceSeen> => {
      const selected = await selectedBy(core, namespace, service, newest, pods, options);
      return { ...serviceSeen(service), selected, ...endpointsOf(service.metadata?.name ?? '', slices.items) };
    }),
  );
  return {
    readAtMs: Date.now(),
    namespace,
    ownLabels: deployment.spec?.selector.matchLabels ?? {},
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

/** Others' pods are asked for only where it does not select the target's. */
async function selectedBy(
  core: CoreV1Api,
  namespace: string,
  { spec }: V1Service,
  newest: Face,
  pods: readonly V1Pod[],
  options: ConfigurationOptions,
): Promise<number> {
  const selector = spec?.selector ?? {};
  if (hasAll(selector, newest.labels)) return pods.length;
  return (await core.listNamespacedPod({ namespace, labelSelector: selectorText(selector), limit: 5 }, options)).items.length;
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
