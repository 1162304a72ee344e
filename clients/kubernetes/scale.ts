import type { CustomObjectsApi } from '@kubernetes/client-node';
import type { Change } from '../../incident/change.ts';
import { boundPath } from '../../incident/scaling.ts';
import type { ApplyOptions, Bound } from '../cluster.ts';
import { guardedPatch } from './guarded-patch.ts';
import { SCALERS } from './scaler-types.ts';

/**
 * Sets the bound of what scales a target, on the very object that was seen, from the value that was seen.
 * @param bound of the target: without a generation neither is that of the scaler asked for, as for an undo
 */
export function scale(
  objects: CustomObjectsApi,
  namespace: string,
  { scaler, from, to }: Extract<Change, { readonly kind: 'replicas' }>,
  bound: Bound,
  options: ApplyOptions,
): Promise<'applied' | 'alreadyApplied'> {
  const { kind, name, uid, generation } = scaler;
  const own = { uid, generation: bound.generation === null ? null : generation };
  const path = `/${boundPath(scaler).join('/')}`;
  return guardedPatch(objects, SCALERS[kind], { namespace, kind, name }, own, options, () => [
    { op: 'test', path, value: from },
    { op: 'replace', path, value: to },
  ]);
}
