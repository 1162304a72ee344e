import type { TargetKind } from '../../incident/target.ts';
import { INFERENCE_SERVICES } from '../serving/inference-service-type.ts';
import { DEPLOYMENTS } from './deployments.ts';
import type { ResourceType } from './guarded-patch.ts';
import { CRON_JOBS, JOBS } from './jobs/job-marks.ts';

/** Where each kind of target lives in the API. */
export const RESOURCE_TYPES: Readonly<Record<TargetKind, ResourceType>> = {
  Deployment: DEPLOYMENTS,
  InferenceService: INFERENCE_SERVICES,
  Job: JOBS,
  CronJob: CRON_JOBS,
};
