import type { TargetKind } from '../../incident/target.ts';
import { INFERENCE_SERVICES } from '../serving/inference-service-type.ts';
import type { ResourceType } from './guarded-patch.ts';
import { CRON_JOBS, JOBS } from './jobs/job-marks.ts';
import { WORKLOAD_TYPES } from './workload-types.ts';

/** Where each kind of target lives in the API. */
export const RESOURCE_TYPES: Readonly<Record<TargetKind, ResourceType>> = {
  ...WORKLOAD_TYPES,
  InferenceService: INFERENCE_SERVICES,
  Job: JOBS,
  CronJob: CRON_JOBS,
};
