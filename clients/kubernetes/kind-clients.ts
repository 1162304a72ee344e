import type { KubeConfig } from '@kubernetes/client-node';
import type { ModelServerKind, ObjectKind, PipelineKind, WorkloadKind } from '../../incident/target.ts';
import type { PipelineClient, TargetClient } from '../cluster.ts';
import { inferenceServiceClient } from '../serving/inference-services.ts';
import { servedModelReader } from '../serving/served-model.ts';
import type { Systems } from '../systems.ts';
import { jobPipeline } from './jobs/job-pipeline.ts';
import { nodeZones } from './node-zones.ts';
import { workloadClient } from './workloads.ts';

/** The clients of what is an object of Kubernetes, by kind. */
export interface KindClients {
  readonly servers: Partial<Readonly<Record<(WorkloadKind | ModelServerKind) & ObjectKind, TargetClient>>>;
  readonly pipelines: Partial<Readonly<Record<PipelineKind & ObjectKind, PipelineClient>>>;
}

export function kindClients(config: KubeConfig, systems: Pick<Systems, 'registries' | 'records'>): KindClients {
  const zones = nodeZones(config);
  const servedModel = servedModelReader(systems);
  return {
    servers: {
      Deployment: workloadClient(config, 'Deployment', zones),
      StatefulSet: workloadClient(config, 'StatefulSet', zones),
      DaemonSet: workloadClient(config, 'DaemonSet', zones),
      InferenceService: inferenceServiceClient(config, servedModel, zones),
    },
    pipelines: { Job: jobPipeline(config, 'Job', zones), CronJob: jobPipeline(config, 'CronJob', zones) },
  };
}
