import type { Evidence } from '../../../incident/evidence.ts';
import { dependencyText } from '../../../incident/path-cuts.ts';
import type { WorkloadReadiness } from '../../../incident/paths.ts';
import type { Rule } from '../../rule.ts';

/** Without names nothing is found, so that whatever else is seen may follow from it. */
export const dnsDown: Rule<Evidence> = (_evidence, { dns }) => {
  if (dns.kind !== 'read' || dns.value === null || dns.value.ready > 0) return null;
  return {
    cause: 'dns-down',
    confidence: 'certain',
    reason: `The DNS of the cluster has no ready pod: ${readinessText('kube-system', dns.value)}.`,
  };
};

/** What it calls has nobody who answers. That it needs the answer is likely, since its pod template names it, and not sure. */
export const dependencyDown: Rule<Evidence> = (_evidence, { dependencies }) => {
  if (dependencies.kind !== 'read') return null;
  const down = dependencies.value.filter(({ ready }) => ready === 0);
  const [first, ...others] = down;
  if (!first) return null;
  const behind = first.workload === null ? 'nothing is found behind it' : readinessText(first.namespace, first.workload);
  const more = others.length === 0 ? '' : ` So it is with ${others.map(dependencyText).join(', ')}.`;
  return {
    cause: 'dependency-down',
    confidence: 'likely',
    reason: `Its pod template names Service ${dependencyText(first)}, which has no ready endpoint: ${behind}.${more}`,
  };
};

function readinessText(namespace: string, { kind, name, wanted, ready }: WorkloadReadiness): string {
  const pods = wanted === 0 ? 'is scaled to zero' : `has ${ready} of ${wanted} pods ready`;
  return `${kind} ${namespace}/${name} ${pods}`;
}
