import type { ConfigurationOptions, DiscoveryV1Api, V1EndpointSlice, V1PodTemplateSpec, V1Service } from '@kubernetes/client-node';
import { hasAll } from '../../../incident/label-selector.ts';
import type { PodPort } from '../../../incident/network-policy.ts';
import type { Face, ServicePort } from '../../../incident/paths.ts';
import { msOf } from './written.ts';

const APP_LABELS = ['app.kubernetes.io/name', 'app'];

/** A pod template as Services see it. */
export function faceOf({ metadata, spec }: V1PodTemplateSpec, madeAt: Date | undefined): Face {
  const { 'pod-template-hash': _hash, ...labels } = metadata?.labels ?? {};
  const ports = (spec?.containers ?? []).flatMap(({ ports: declared = [] }) =>
    declared.map(
      ({ name, containerPort, protocol }): PodPort => ({ name: name ?? null, number: containerPort, protocol: protocol ?? 'TCP' }),
    ),
  );
  return { labels, ports, madeMs: msOf(madeAt) };
}

/** The Service selects pods of the target, or did, or its name or label says that it is meant to. One without a selector is not judged. */
export function isMeant({ metadata, spec }: V1Service, workload: string, newest: Face, previous: Face | null): boolean {
  const { selector = {}, type } = spec ?? {};
  if (Object.keys(selector).length === 0 || type === 'ExternalName') return false;
  if (hasAll(selector, newest.labels) || (previous !== null && hasAll(selector, previous.labels))) return true;
  const sameApp = APP_LABELS.some((label) => metadata?.labels?.[label] !== undefined && metadata.labels[label] === newest.labels[label]);
  return metadata?.name === workload || sameApp;
}

export function portsOf({ spec }: V1Service): readonly ServicePort[] {
  return (spec?.ports ?? []).map(({ name, port, targetPort, protocol }) => ({
    name: name ?? null,
    number: port,
    // Where none is given, and for headless Services, it is the Service's own.
    target: targetOf(targetPort, port),
    protocol: protocol ?? 'TCP',
  }));
}

function targetOf(given: unknown, port: number): number | string {
  return typeof given === 'number' || typeof given === 'string' ? given : port;
}

/** How many addresses behind a Service are ready, and how many are not; one that has two families counts once. */
export function endpointsIn(slices: readonly V1EndpointSlice[]): { readonly ready: number; readonly notReady: number } {
  const ready = new Set<string>();
  const notReady = new Set<string>();
  for (const { endpoints } of slices) {
    for (const { conditions, targetRef, addresses } of endpoints ?? []) {
      // Not known is ready: so says the API.
      (conditions?.ready === false ? notReady : ready).add(targetRef?.uid ?? addresses.join());
    }
  }
  return { ready: ready.size, notReady: notReady.size };
}

/** The slices that stand behind a Service. */
export async function endpointsOf(discovery: DiscoveryV1Api, namespace: string, service: string, options: ConfigurationOptions) {
  const labelSelector = `kubernetes.io/service-name=${service}`;
  return endpointsIn((await discovery.listNamespacedEndpointSlice({ namespace, labelSelector }, options)).items);
}

/** A selector as the API server is asked with it. */
export function selectorText(selector: Readonly<Record<string, string>>): string {
  return Object.entries(selector)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}
