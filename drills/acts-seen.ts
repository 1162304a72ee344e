import type { Objects } from '../clients/kubernetes/any-objects.ts';
import { FIELD_MANAGER } from '../clients/kubernetes/guarded-patch.ts';
import { pluralOf, type Write } from './judge.ts';
import { DRILL_KINDS } from './kinds.ts';
import { DRILL_LABEL } from './marks.ts';
import type { Drill } from './schema.ts';

/**
 * What Paramedic changed of a drill's objects, by what the API server keeps about each: who wrote which of its fields, and what is not
 * there any more that the drill had made and not deleted. That pods were evicted cannot be seen so.
 */
export async function actsSeen(objects: Pick<Objects, 'list'>, id: string, drill: Drill): Promise<readonly Write[]> {
  const writes: Write[] = [];
  const steps = [...drill.setup, ...drill.fault];
  for (const { apiVersion, kind } of DRILL_KINDS) {
    const there = await objects.list(apiVersion, kind, `${DRILL_LABEL}=${id}`);
    const resource = pluralOf(kind);
    for (const { metadata } of there)
      if (metadata.managedFields?.some(({ manager }) => manager === FIELD_MANAGER))
        writes.push({ verb: 'patch', resource, name: metadata.name });
    const deleted = steps.flatMap(({ delete: at }) => (at?.kind === kind ? [at.name] : []));
    const made = steps.flatMap(({ create }) => (create?.kind === kind ? [create.metadata.name ?? ''] : []));
    for (const name of made)
      if (!deleted.includes(name) && !there.some(({ metadata }) => metadata.name === name)) writes.push({ verb: 'delete', resource, name });
  }
  return writes;
}
