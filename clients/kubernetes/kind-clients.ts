import type { KubeConfig } from '@kubernetes/client-node';
import type { ModelServerKind, ObjectKind, PipelineKind, WorkloadKind } from '../../incident/target.ts';
import type { PipelineClient, TargetClient } from '../cluster.ts';
import { argoCronWorkflows, argoWorkflows } from '../pipelines/argo-workflows.ts';
import { pytorchJobs } from '../pipelines/pytorch-jobs.ts';
import { trainJobs } from '../pipelines/train-jobs.ts';
import { rolloutClient } from '../serving/argo-rollouts.ts';
import { inferenceServiceClient } from '../serving/inference-services.ts';
import { llmInferenceServiceClient } from '../serving/llm-inference-services.ts';
import { seldonModelClient } from '../serving/seldon-models.ts';
import { servedModelReader } from '../serving/served-model.ts';
import type { Systems } from '../systems.ts';
import { jobPipeline } from './jobs/job-pipeline.ts';
import { nodeZones } from './node-zones.ts';
import { workloadClient } from './workloads.ts';

/** The clients of what is an object of Kubernetes, by kind. */
export interface KindClients {
  readonly servers: Readonly<Record<(WorkloadKind | ModelServerKind) & ObjectKind, TargetClient>>;
  readonly pipelines: Readonly<Record<PipelineKind & ObjectKind, PipelineClient>>;
}

export function kindClients(config: KubeConfig, systems: Pick<Systems, 'registries' | 'records' | 'argoServer'>): KindClients {
  const zones = nodeZones(config);
  const servedModel = servedModelReader(systems);
  return {
    servers: {
      Deployment: workloadClient(config, 'Deployment', servedModel, zones),
      StatefulSet: workloadClient(config, 'StatefulSet', servedModel, zones),
      DaemonSet: workloadClient(config, 'DaemonSet', servedModel, zones),
      InferenceService: inferenceServiceClient(config, servedModel, zones),
      LLMInferenceService: llmInferenceServiceClient(config, servedModel, zones),
      Rollout: rolloutClient(config, servedModel, zones),
      SeldonModel: seldonModelClient(config, servedModel),
    },
    pipelines: {
      Job: jobPipeline(config, 'Job', zones),
      CronJob: jobPipeline(config, 'CronJob', zones),
      TrainJob: trainJobs(config, zones),
      PyTorchJob: pytorchJobs(config, zones),
      Workflow: argoWorkflows(config, zones, systems.argoServer),
      CronWorkflow: argoCronWorkflows(config, zones, systems.argoServer),
    },
  };
}
