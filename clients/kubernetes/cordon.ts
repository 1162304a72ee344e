import type { V1ManagedFieldsEntry, V1Node } from '@kubernetes/client-node';
import { FIELD_MANAGER } from './guarded-patch.ts';

/** The act that cordoned a node, by its key. */
export const CORDONED_BY = 'paramedic.dev/cordoned-by';

/** Whose cordon a node has; what is not known to be ours is a person's. */
export type Cordon = { readonly kind: 'ours'; readonly key: string } | { readonly kind: 'persons' };

/**
 * The cordon of a node; null where it has none. The annotation alone proves nothing, since it stays when a person uncordons the node and
 * cordons it again: the API server's own record of who set the field decides.
 */
export function cordonOf({ metadata, spec }: Pick<V1Node, 'metadata' | 'spec'>): Cordon | null {
  if (!spec?.unschedulable) return null;
  const key = metadata?.annotations?.[CORDONED_BY];
  const setBy = (metadata?.managedFields ?? []).filter(setsUnschedulable).map(({ manager }) => manager);
  const isOurs = setBy.length > 0 && setBy.every((manager) => manager === FIELD_MANAGER);
  return isOurs && key !== undefined ? { kind: 'ours', key } : { kind: 'persons' };
}

function setsUnschedulable({ fieldsV1 }: V1ManagedFieldsEntry): boolean {
  const { 'f:spec': spec = {} } = (fieldsV1 ?? {}) as { readonly 'f:spec'?: Readonly<Record<string, unknown>> };
  return 'f:unschedulable' in spec;
}
