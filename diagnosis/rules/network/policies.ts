import type { Context } from '../../../incident/context.ts';
import type { Evidence } from '../../../incident/evidence.ts';
import type { PolicySeen } from '../../../incident/network-policy.ts';
import { cutText, policyCuts } from '../../../incident/path-cuts.ts';
import { lettingThrough } from '../../../incident/path-mends.ts';
import type { Finding, Rule } from '../../rule.ts';

/** A policy that is newer than the newest release cuts a path: what was there was taken away. */
export const policyCutsPath: Rule<Evidence> = (_evidence, context) => cutBy(context, (policy, madeMs) => policy.changedMs > madeMs);

/** A path that policies cut since before the newest release may never have been there, so that this comes after what is seen of the pods. */
export const policyCutsPathOfOld: Rule<Evidence> = (_evidence, context) => cutBy(context, (policy, madeMs) => policy.changedMs <= madeMs);

function cutBy({ paths, dependencies }: Context, counts: (newestPolicy: PolicySeen, madeMs: number) => boolean): Finding | null {
  if (paths.kind !== 'read' || paths.value === null) return null;
  const { policies, namespace, newest, readAtMs } = paths.value;
  const [cut] = policyCuts(paths.value, dependencies.kind === 'read' ? dependencies.value : []);
  const [latest, ...others] = [...policies].filter(isFor(cut?.kind)).sort((a, b) => b.changedMs - a.changedMs);
  if (!cut || !latest || !counts(latest, newest.madeMs)) return null;
  const sinceMs = readAtMs - latest.changedMs;
  const by = latest.manager === null ? '' : ` by ${latest.manager}`;
  const beside = others.length === 0 ? '' : ` Beside it apply ${others.map(({ name }) => name).join(', ')}.`;
  return {
    cause: 'policy-cuts-path',
    confidence: latest.changedMs > newest.madeMs ? 'certain' : 'possible',
    reason: `NetworkPolicy ${latest.name}, written${by} ${Math.max(0, Math.round(sinceMs / 60_000))} minutes ago, cuts a path: ${cutText(cut)}.${beside} ${lettingThrough(namespace, latest, cut)}`,
  };
}

function isFor(direction: 'ingress' | 'egress' | undefined) {
  return ({ whole: { spec } }: PolicySeen) =>
    direction === 'egress'
      ? (spec.policyTypes?.includes('Egress') ?? spec.egress !== undefined)
      : (spec.policyTypes?.includes('Ingress') ?? true);
}
