import { z } from 'zod';
import { stoppedBy } from '../../clients/serving/inference-service-type.ts';
import type { Symptom } from '../symptom.ts';
import { common, conditions, met, said } from './object.ts';

const InferenceService = z.object({ ...common, status: z.object({ conditions }).nullish() });

/** One that a person has stopped is meant not to be ready. */
export function inferenceServiceSymptoms(object: unknown): Symptom[] {
  const { metadata, status } = InferenceService.parse(object);
  if (metadata.deletionTimestamp !== null || 'stoppedBy' in stoppedBy(metadata.annotations)) return [];
  const list = status?.conditions ?? [];
  const unready = met(list, 'Ready', 'False') ?? met(list, 'Ready', 'Unknown');
  if (!unready) return [];
  return [
    {
      condition: 'KServeInferenceServiceNotReady',
      labels: { namespace: metadata.namespace, inferenceservice: metadata.name },
      says: said('The model server is not ready', unready.reason, unready.message),
      sinceMs: unready.lastTransitionTime,
    },
  ];
}
