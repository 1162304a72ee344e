import { z } from 'zod';
import type { Scaler, ScalerKind } from '../../../incident/scaling.ts';
import { handsOff } from '../surroundings/hands-off.ts';
import { managedBy } from '../surroundings/managed-by.ts';

const PAUSED = 'autoscaling.keda.sh/paused';
const PAUSED_AT = 'autoscaling.keda.sh/paused-replicas';

const texts = z.record(z.string(), z.string()).default({});

/** The fields used of what scales, whatever its kind. */
export const ScalerObject = z.object({
  metadata: z.object({
    name: z.string(),
    uid: z.string(),
    generation: z.number().nullish(),
    labels: texts,
    annotations: texts,
    ownerReferences: z
      .array(z.object({ kind: z.string(), name: z.string(), uid: z.string(), controller: z.boolean().optional() }))
      .default([]),
  }),
  spec: z
    .object({
      replicas: z.number().nullish(),
      minReplicas: z.number().nullish(),
      maxReplicas: z.number().nullish(),
      minReplicaCount: z.number().nullish(),
      maxReplicaCount: z.number().nullish(),
      predictor: z.object({ minReplicas: z.number().nullish(), maxReplicas: z.number().nullish() }).nullish(),
      scaleTargetRef: z.object({ kind: z.string().nullish(), name: z.string() }).nullish(),
      targetRef: z.object({ kind: z.string().nullish(), name: z.string() }).nullish(),
      updatePolicy: z.object({ updateMode: z.string().nullish() }).nullish(),
    })
    .default({}),
  status: z.object({ hpaName: z.string().nullish() }).nullish(),
});
export type ScalerObject = z.infer<typeof ScalerObject>;

/** KEDA's own number where an object names none. */
const KEDA_MOST = 100;

/** @param isFixed nothing scales the target: the object's own number is how many pods there are */
export function scalerSeen(kind: ScalerKind, { metadata, spec }: ScalerObject, isFixed: boolean): Scaler {
  const { name, uid, generation, annotations, ownerReferences } = metadata;
  const owner = ownerReferences.find(({ controller }) => controller);
  return {
    kind,
    name,
    uid,
    generation: generation ?? null,
    bound: isFixed ? 'fixed' : 'most',
    ...boundsOf(kind, spec),
    paused: kind === 'ScaledObject' ? pausedBy(annotations) : null,
    optOut: handsOff(annotations),
    managedBy: managedBy([metadata]),
    ownedBy: owner ? `${owner.kind}/${owner.name}` : null,
  };
}

function boundsOf(kind: ScalerKind, spec: ScalerObject['spec']): Pick<Scaler, 'least' | 'most'> {
  switch (kind) {
    case 'InferenceService':
      return { least: spec.predictor?.minReplicas ?? 1, most: spec.predictor?.maxReplicas ?? null };
    case 'ScaledObject':
      return { least: spec.minReplicaCount ?? 0, most: spec.maxReplicaCount ?? KEDA_MOST };
    case 'HorizontalPodAutoscaler':
      return { least: spec.minReplicas ?? 1, most: spec.maxReplicas ?? null };
    case 'Deployment':
    case 'StatefulSet':
      return { least: spec.replicas ?? 1, most: null };
    default:
      return kind satisfies never;
  }
}

/** The mere presence of either pauses, unless it is said to be false. */
function pausedBy(annotations: Readonly<Record<string, string>>): string | null {
  const at = annotations[PAUSED_AT];
  if (at !== undefined) return `its annotation ${PAUSED_AT} holds it at ${at.slice(0, 20)} pods`;
  return annotations[PAUSED] !== undefined && annotations[PAUSED] !== 'false' ? `its annotation ${PAUSED} stops it` : null;
}
