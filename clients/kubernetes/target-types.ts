import { isOutsideKind, type ObjectKind, type TargetKind } from '../../incident/target.ts';
import { CRON_WORKFLOWS, PYTORCH_JOBS, TRAIN_JOBS, WORKFLOWS } from '../pipelines/object-types.ts';
import { INFERENCE_SERVICES } from '../serving/inference-service-type.ts';
import { LLM_INFERENCE_SERVICES, ROLLOUTS, SELDON_MODELS } from '../serving/object-types.ts';
import type { ResourceType } from './guarded-patch.ts';
import { CRON_JOBS, JOBS } from './jobs/job-marks.ts';
import { WORKLOAD_TYPES } from './workload-types.ts';

/** Where each kind of target lives in the API. */
export const RESOURCE_TYPES: Readonly<Record<ObjectKind, ResourceType>> = {
  ...WORKLOAD_TYPES,
  InferenceService: INFERENCE_SERVICES,
  Job: JOBS,
  CronJob: CRON_JOBS,
  LLMInferenceService: LLM_INFERENCE_SERVICES,
  Rollout: ROLLOUTS,
  SeldonModel: SELDON_MODELS,
  TrainJob: TRAIN_JOBS,
  PyTorchJob: PYTORCH_JOBS,
  Workflow: WORKFLOWS,
  CronWorkflow: CRON_WORKFLOWS,
};

/** What the API calls a kind; Seldon's models have a name there that says too little here. */
export function objectKindOf(kind: TargetKind): string {
  return kind === 'SeldonModel' ? 'Model' : kind;
}

/** @throws where it is no object of Kubernetes */
export function resourceTypeOf(kind: TargetKind): ResourceType {
  if (isOutsideKind(kind)) throw new Error(`A ${kind} is no object of Kubernetes.`);
  return RESOURCE_TYPES[kind];
}
