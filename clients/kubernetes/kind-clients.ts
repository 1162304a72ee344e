import type { KubeConfig } from '@kubernetes/client-node';
import type { ModelServerKind, ObjectKind, PipelineKind, WorkloadKind } from '../../incident/target.ts';
import type { PipelineClient, TargetClient } from '../cluster.ts';
import { argoCronWorkflows, argoWorkflows } from '../pipelines/argo-workflows.ts';
import { pytorchJobs } from '../pipelines/pytorch-jobs.ts';
import { trainJobs } from '../pipelines/train-jobs.ts';
import { inferenceServiceClient } from '../serving/inference-services.ts';
import { servedModelReader } from '../serving/served-model.ts';
import type { Systems } from '../systems.ts';
import { jobPipeline } from './jobs/job-pipeline.ts';
import { nodeZones } from './node-zones.ts';
import { workloadClient } from './workloads.ts';

/** The clients of what is an object of Kubernetes, by kind. */
export interface KindClients {
  readonly servers: Partial<Readonly<Record<(WorkloadKind | ModelServerKind) & ObjectKind, TargetClient>>>;
  readonly pipelines: Readonly<Record<PipelineKind & ObjectKind, PipelineClient>>;
}

export function kindClients(config: KubeConfig, systems: Pick<Systems, 'registries' | 'records' | 'argoServer'>): KindClients {
  const zones = nodeZones(config);
  const servedModel = servedModelReader(systems);
  return {
    servers: {
      Deployment: workloadClient(config, 'Deployment', zones),
      StatefulSet: workloadClient(config, 'StatefulSet', zones),
      DaemonSet: workloadClient(config, 'DaemonSet', zones),
      InferenceService: inferenceServiceClient(config, servedModel, zones),
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
