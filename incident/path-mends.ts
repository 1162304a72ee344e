import type { PolicySeen } from './network-policy.ts';
import type { PolicyCut } from './path-cuts.ts';
import type { Paths, ServicePort, ServiceSeen } from './paths.ts';

/** The command that lets a Service select the pods as they are, as a sentence. */
export function fittingSelector({ namespace, newest, ownLabels }: Paths, { name, selector }: ServiceSeen): string {
  const kept = Object.fromEntries(Object.keys(selector).map((key) => [key, newest.labels[key] ?? null]));
  const fits = Object.values(kept).some((value) => value !== null) ? kept : { ...kept, ...ownLabels };
  const patch = { spec: { selector: fits } };
  return `To let it select them: kubectl -n ${namespace} patch service ${name} --type=merge -p '${JSON.stringify(patch)}'`;
}

/** The command that sends a Service's port to one that the pods have, as a sentence. */
export function fittingPort({ namespace, newest }: Paths, { name, ports }: ServiceSeen, port: ServicePort): string {
  const [only, ...more] = newest.ports.filter(({ protocol }) => protocol === port.protocol);
  const named = newest.ports.find((one) => one.name !== null && (one.name === port.name || one.name === port.target));
  const target = named?.name ?? named?.number ?? (more.length === 0 ? only?.number : undefined);
  if (target === undefined || target === null) return 'Which port is meant cannot be told.';
  const patch = [{ op: 'replace', path: `/spec/ports/${ports.indexOf(port)}/targetPort`, value: target }];
  return `To send it there: kubectl -n ${namespace} patch service ${name} --type=json -p '${JSON.stringify(patch)}'`;
}

/** The command that lets one path through a policy and leaves the rest of it, as a sentence. */
export function lettingThrough(namespace: string, { name, whole: { spec } }: PolicySeen, cut: PolicyCut): string {
  const direction = cut.kind;
  const { target, protocol } = cut.kind === 'ingress' ? cut.port : cut.dependency.port;
  const ports = [{ port: target, protocol }];
  const rule = cut.kind === 'ingress' ? { ports } : { to: [farEnd(cut.dependency)], ports };
  const patch =
    spec[direction] === undefined
      ? [{ op: 'add', path: `/spec/${direction}`, value: [rule] }]
      : [{ op: 'add', path: `/spec/${direction}/-`, value: rule }];
  return `To let it through: kubectl -n ${namespace} patch networkpolicy ${name} --type=json -p '${JSON.stringify(patch)}'`;
}

function farEnd({ namespace, selector }: Extract<PolicyCut, { kind: 'egress' }>['dependency']) {
  return {
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
    podSelector: { matchLabels: selector },
  };
}
