import type { ResourceType } from '../kubernetes/guarded-patch.ts';

/** Where each kind of pipeline lives in the API, and what Kubeflow's Trainer makes of a TrainJob. */
export const TRAIN_JOBS = { group: 'trainer.kubeflow.org', version: 'v1alpha1', plural: 'trainjobs' };
export const JOB_SETS = { group: 'jobset.x-k8s.io', version: 'v1alpha2', plural: 'jobsets' };
export const PYTORCH_JOBS = { group: 'kubeflow.org', version: 'v1', plural: 'pytorchjobs' };
export const WORKFLOWS = { group: 'argoproj.io', version: 'v1alpha1', plural: 'workflows' };
export const CRON_WORKFLOWS: ResourceType = { group: 'argoproj.io', version: 'v1alpha1', plural: 'cronworkflows', countsStatus: true };
