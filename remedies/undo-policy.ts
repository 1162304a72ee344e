import type { Context } from '../incident/context.ts';
import type { PolicySeen } from '../incident/network-policy.ts';
import { cutText, policyCuts } from '../incident/path-cuts.ts';
import type { DependencySeen, Paths } from '../incident/paths.ts';
import type { Runbook } from '../runbooks/schema.ts';
import { type Planned, unusable } from './planned.ts';

/** A policy is written into histories whole. */
const CHARACTERS_MAX = 32_000;

/** Deletes the one policy that cuts a path and was made lately, after the release and the Service that it cuts were there. */
export function undoPolicy(
  { paths: read, dependencies }: Pick<Context, 'paths' | 'dependencies'>,
  { network, gitOps }: Pick<Runbook, 'network' | 'gitOps'>,
): Planned {
  if (read.kind !== 'read' || dependencies.kind !== 'read' || read.value === null)
    return unusable('The paths of the target cannot be read.');
  const paths = read.value;
  const cuts = policyCuts(paths, dependencies.value);
  if (cuts.length === 0) return unusable('No NetworkPolicy cuts a path of the target.');
  const alone = paths.policies.filter((policy) => cutsAlone(policy, paths, dependencies.value));
  const [policy] = alone;
  if (!policy) {
    const names = paths.policies.map(({ name }) => name).join(', ');
    return unusable(`No single NetworkPolicy cuts the path: without any one of ${names}, ${cuts.map(cutText).join('; ')} all the same.`);
  }
  const why = whyLeftAlone(policy, paths, network.lookBackSeconds, gitOps);
  if (why !== null) return unusable(why);
  const { name, whole } = policy;
  const all = Object.keys(whole.spec.podSelector).length === 0 ? ' It applies to every pod of the namespace.' : '';
  return {
    kind: 'change',
    change: { kind: 'networkPolicy', name, from: whole, to: null },
    why: `It alone cuts the path (${cuts.map(cutText).join('; ')}), and was made after what it cuts.${all}`,
  };
}

function cutsAlone(policy: PolicySeen, paths: Paths, dependencies: readonly DependencySeen[]): boolean {
  const without = { ...paths, policies: paths.policies.filter((one) => one !== policy) };
  return policyCuts(without, dependencies).length === 0;
}

/** Null where it may be deleted. */
function whyLeftAlone(policy: PolicySeen, paths: Paths, lookBackSeconds: number, gitOps: Runbook['gitOps']): string | null {
  const { name, keptBy, optOut, createdMs, whole } = policy;
  const { readAtMs, newest, services } = paths;
  if (optOut !== null) return `NetworkPolicy ${name} is marked to be left alone${optOut === '' ? '' : `: ${optOut}`}.`;
  if (keptBy !== null && gitOps !== 'change') return `NetworkPolicy ${name} is kept by ${keptBy}; change it there.`;
  if (readAtMs - createdMs > lookBackSeconds * 1000)
    return `NetworkPolicy ${name} was made on ${new Date(createdMs).toISOString()}, before the runbook's look-back of ${lookBackSeconds} s: it is a decision that stands.`;
  const isNewer = createdMs >= newest.madeMs && services.every((service) => service.createdMs <= createdMs);
  if (!isNewer)
    return `NetworkPolicy ${name} was there before the newest release or a Service of it, so that the path may never have been.`;
  if (JSON.stringify(whole).length > CHARACTERS_MAX) return `NetworkPolicy ${name} is too large to be kept for an undo.`;
  return null;
}
