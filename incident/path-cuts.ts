import { hasAll } from './label-selector.ts';
import { type FarEnd, letsIn, letsOut, type PodPort } from './network-policy.ts';
import type { DependencySeen, Face, Paths, ServicePort, ServiceSeen } from './paths.ts';

/** One place where a path is cut. `byRelease`: the release before the newest fits where the newest does not. */
export type PathCut =
  | { readonly kind: 'selector'; readonly service: ServiceSeen; readonly byRelease: boolean }
  | { readonly kind: 'port'; readonly service: ServiceSeen; readonly port: ServicePort; readonly byRelease: boolean }
  | { readonly kind: 'endpoints'; readonly service: ServiceSeen }
  | PolicyCut;

export type PolicyCut =
  | { readonly kind: 'ingress'; readonly service: ServiceSeen; readonly port: ServicePort }
  | { readonly kind: 'egress'; readonly dependency: DependencySeen };

/** Everything that cuts the paths to a target, and from it to what it names. */
export function pathCuts(paths: Paths, dependencies: readonly DependencySeen[]): readonly PathCut[] {
  return [...selectorCuts(paths), ...portCuts(paths), ...policyCuts(paths, dependencies), ...endpointCuts(paths)];
}

/** A Service that means the target and selects nothing. */
export function selectorCuts({ services, newest, previous }: Paths): readonly Extract<PathCut, { kind: 'selector' }>[] {
  return services
    .filter(({ selector, selected }) => !hasAll(selector, newest.labels) && selected === 0)
    .map((service) => ({ kind: 'selector', service, byRelease: previous !== null && hasAll(service.selector, previous.labels) }));
}

/**
 * A port that no container of the newest release has. A container may listen on a port it does not declare, so that a number counts only
 * where there is a sign that it once was right: the release before declares it, or the Service was changed since the newest release.
 */
export function portCuts({ services, newest, previous }: Paths): readonly Extract<PathCut, { kind: 'port' }>[] {
  return services
    .filter(({ selector }) => hasAll(selector, newest.labels))
    .flatMap((service) =>
      service.ports.flatMap((port): Extract<PathCut, { kind: 'port' }>[] => {
        if (serves(newest, port)) return [];
        const byRelease = previous !== null && serves(previous, port);
        const isNamed = typeof port.target === 'string';
        const changedSince = service.changedMs > service.createdMs && service.changedMs > newest.madeMs;
        const isPlain = isNamed || byRelease || (changedSince && newest.ports.length > 0);
        return isPlain ? [{ kind: 'port', service, port, byRelease }] : [];
      }),
    );
}

/** What NetworkPolicies cut: all that would come in at a Service's port, or all that would go out to a dependency. */
export function policyCuts(paths: Pick<Paths, 'policies' | 'services' | 'newest' | 'namespace'>, dependencies: readonly DependencySeen[]) {
  const { policies, services, newest, namespace } = paths;
  const ingress = services
    .filter(({ selector }) => hasAll(selector, newest.labels))
    .flatMap((service): PolicyCut[] => {
      const cut = service.ports.find((port) => !letsIn(policies, newest.labels, podPort(newest, port)));
      return cut ? [{ kind: 'ingress', service, port: cut }] : [];
    });
  const egress = dependencies
    .filter((dependency) => !letsOut(policies, namespace, newest.labels, farEnd(dependency)))
    .map((dependency): PolicyCut => ({ kind: 'egress', dependency }));
  return [...ingress, ...egress];
}

/** A Service that selects the target's pods and has none that is ready. */
export function endpointCuts({ services, newest }: Paths): readonly Extract<PathCut, { kind: 'endpoints' }>[] {
  return services
    .filter(({ selector, ready }) => hasAll(selector, newest.labels) && ready === 0)
    .map((service) => ({ kind: 'endpoints', service }));
}

/** The cut as the end of a sentence. */
export function cutText(cut: PathCut): string {
  switch (cut.kind) {
    case 'selector':
      return `Service ${cut.service.name} selects no pod`;
    case 'port':
      return `Service ${cut.service.name} sends to port ${cut.port.target}, which no container has`;
    case 'endpoints':
      return `Service ${cut.service.name} has no ready endpoint`;
    case 'ingress':
      return `no policy lets anybody in at port ${cut.port.target} of Service ${cut.service.name}`;
    case 'egress':
      return `no policy lets it out to Service ${dependencyText(cut.dependency)}`;
    default:
      return cut satisfies never;
  }
}

export function dependencyText({ namespace, service }: Pick<DependencySeen, 'namespace' | 'service'>): string {
  return `${namespace}/${service}`;
}

function serves({ ports }: Face, { target, protocol }: ServicePort): boolean {
  return ports.some((one) => one.protocol === protocol && (typeof target === 'string' ? one.name === target : one.number === target));
}

function farEnd({ namespace, namespaceLabels, behind, port }: DependencySeen): FarEnd {
  return { namespace, namespaceLabels, podLabels: behind?.labels ?? null, port: podPort(behind, port) };
}

/** The port of the pods that a Service's port leads to; of what is not known, policies may let everything through. */
function podPort(face: Pick<Face, 'ports'> | null, { target, protocol }: ServicePort): PodPort {
  const declared = face?.ports.find(({ number, name }) => (typeof target === 'string' ? name === target : number === target));
  if (declared) return declared;
  return typeof target === 'string' ? { number: null, name: target, protocol } : { number: target, name: null, protocol };
}
