import type { CustomObjectsApi } from '@kubernetes/client-node';
import { z } from 'zod';
import {
  isOutsideKind,
  MODEL_SERVER_KINDS,
  type ModelServerKind,
  type ObjectKind,
  WORKLOAD_KINDS,
  type WorkloadKind,
} from '../../../incident/target.ts';
import { asClusterFailure, orNull } from '../api-failures.ts';
import { abortedBy, type Deadline } from '../deadline.ts';
import { RESOURCE_TYPES } from '../target-types.ts';

type WantsPods = (WorkloadKind | ModelServerKind) & ObjectKind;

/** What may want pods: of a namespace all of it is counted. */
export const WANT_PODS: readonly WantsPods[] = [...WORKLOAD_KINDS, ...MODEL_SERVER_KINDS].filter(
  (kind): kind is WantsPods => !isOutsideKind(kind),
);

/** Something in a namespace that wants pods. */
export interface Workload {
  readonly kind: WantsPods;
  readonly name: string;
  readonly uid: string;
  /** Uids of all that own it. */
  readonly owners: readonly string[];
  readonly replicasWanted: number;
  readonly paused: boolean;
}

/** The fields used of what any of the kinds has. */
const Listed = z.object({
  items: z.array(
    z.object({
      metadata: z.object({
        name: z.string(),
        uid: z.string(),
        ownerReferences: z.array(z.object({ uid: z.string() })).nullish(),
      }),
      spec: z
        .object({
          replicas: z.number().nullish(),
          paused: z.boolean().nullish(),
          predictor: z.object({ minReplicas: z.number().nullish() }).nullish(),
        })
        .nullish(),
    }),
  ),
});

/**
 * Lists a kind of workload of a namespace, as raw as the API server sends it. One whose definition is not there has none.
 * @throws Refused when it may not be read.
 */
export async function listWorkloads(
  objects: CustomObjectsApi,
  namespace: string,
  kind: Workload['kind'],
  deadline: Deadline,
): Promise<readonly Workload[]> {
  const where = { ...RESOURCE_TYPES[kind], namespace };
  const answer = await asClusterFailure(`the ${kind}s of namespace ${namespace}`, () =>
    orNull<unknown>(() => objects.listNamespacedCustomObject(where, abortedBy(deadline))),
  );
  if (answer === null) return [];
  return Listed.parse(answer).items.map(({ metadata, spec }) => ({
    kind,
    name: metadata.name,
    uid: metadata.uid,
    owners: (metadata.ownerReferences ?? []).map(({ uid }) => uid),
    replicasWanted: (kind === 'InferenceService' ? spec?.predictor?.minReplicas : spec?.replicas) ?? 1,
    paused: spec?.paused ?? false,
  }));
}
