import type { AutoscalingV2Api } from '@kubernetes/client-node';
import { orNull } from './api-failures.ts';

/** The kind and name of what a HorizontalPodAutoscaler scales; null where there is no such autoscaler. */
export async function scaledBy(
  autoscaling: AutoscalingV2Api,
  namespace: string,
  name: string,
): Promise<{ readonly kind: string; readonly name: string } | null> {
  const autoscaler = await orNull(() => autoscaling.readNamespacedHorizontalPodAutoscaler({ namespace, name }));
  return autoscaler?.spec?.scaleTargetRef ?? null;
}
