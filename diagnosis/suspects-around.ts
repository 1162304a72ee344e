import type { Context } from '../incident/context.ts';
import { dependencyText } from '../incident/path-cuts.ts';
import type { Suspect } from '../incident/suspect.ts';

/** What a target that fails depends on and that is down itself, each once, by name. */
export function suspectsAround({ dependencies, dns }: Pick<Context, 'dependencies' | 'dns'>): readonly Suspect[] {
  const down = dependencies.kind === 'read' ? dependencies.value.filter(({ ready }) => ready === 0).map(dependencyText) : [];
  const names = dns.kind === 'read' && dns.value?.ready === 0 ? [`kube-system/${dns.value.name}`] : [];
  return [...new Set([...down, ...names])].sort().map((name) => ({ kind: 'dependency', name }));
}
