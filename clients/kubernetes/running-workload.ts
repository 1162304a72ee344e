import { isWorkloadKind, type Target } from '../../incident/target.ts';
import type { WorkloadName } from './read-workload.ts';

/** The workload that runs a target's pods: itself, or the Deployment that KServe makes of an InferenceService. */
export function runningWorkload({ namespace, kind, name }: Pick<Target, 'namespace' | 'kind' | 'name'>): WorkloadName {
  return isWorkloadKind(kind) ? { kind, namespace, name } : { kind: 'Deployment', namespace, name: `${name}-predictor` };
}
