import type { ScalerKind } from '../../incident/scaling.ts';
import { INFERENCE_SERVICES } from '../serving/inference-service-type.ts';
import type { ResourceType } from './guarded-patch.ts';
import { WORKLOAD_TYPES } from './workload-types.ts';

export const SCALED_OBJECTS = { group: 'keda.sh', version: 'v1alpha1', plural: 'scaledobjects' };
export const VERTICAL_AUTOSCALERS = { group: 'autoscaling.k8s.io', version: 'v1', plural: 'verticalpodautoscalers' };

/** Where each kind lives in the API. */
export const SCALERS: Readonly<Record<ScalerKind, ResourceType>> = {
  InferenceService: INFERENCE_SERVICES,
  ScaledObject: SCALED_OBJECTS,
  HorizontalPodAutoscaler: { group: 'autoscaling', version: 'v2', plural: 'horizontalpodautoscalers' },
  Deployment: WORKLOAD_TYPES.Deployment,
  StatefulSet: WORKLOAD_TYPES.StatefulSet,
};
