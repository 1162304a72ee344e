import { WHERE } from '../google.ts';
import type { Double } from '../recorder.ts';

export const PARENT = `projects/${WHERE.project}/locations/${WHERE.location}`;

export type Fields = Record<string, unknown>;

export interface HeldVersion extends Fields {
  versionId: string;
  versionAliases: string[];
  description: string;
  etag: string;
  labels: Record<string, string>;
}

export interface HeldEndpoint extends Fields {
  etag: string;
  updateTime: string;
  labels: Record<string, string>;
  trafficSplit: Record<string, number>;
  deployedModels: Fields[];
}

export interface HeldJob extends Fields {
  state: string;
  labels: Record<string, string>;
}

interface HeldSchedule extends Fields {
  state: string;
  lastPauseTime: string;
}

interface Operation extends Fields {
  readonly name: string;
  done: boolean;
}

/** Vertex AI as far as we speak to it: a model "7", an endpoint "e1", pipeline jobs and their schedule. */
export interface VertexDouble {
  readonly answer: Double;
  readonly versions: HeldVersion[];
  readonly endpoint: HeldEndpoint;
  readonly jobs: Map<string, HeldJob>;
  readonly schedule: HeldSchedule;
  readonly operations: Operation[];
  /** How often anything was changed, from which etags and times come. */
  changes: number;
  /** Somebody changes the endpoint. */
  touch(): void;
  /** What is being deployed is up, and has the traffic that was asked for it. */
  finishDeploying(): void;
}

/** A moment that is later with each change. */
export function momentOf(change: number): string {
  return new Date(Date.parse('2026-02-01T00:00:00Z') + change * 1000).toISOString();
}

export function version(versionId: string, versionAliases: string[]): HeldVersion {
  return {
    name: `${PARENT}/models/7`,
    versionId,
    versionAliases,
    displayName: 'churn',
    description: 'Who leaves us.',
    etag: `etag-${versionId}`,
    artifactUri: `gs://models/churn/${versionId}`,
    labels: { team: 'ml' },
  };
}

export function deployed(id: string, versionId: string): Fields {
  return {
    id,
    model: `${PARENT}/models/7`,
    modelVersionId: versionId,
    displayName: 'churn',
    createTime: `2026-01-0${versionId}T00:00:00Z`,
    dedicatedResources: { machineSpec: { machineType: 'n1-standard-4' }, minReplicaCount: 1, maxReplicaCount: 2 },
    serviceAccount: 'server@ml-prod.iam.gserviceaccount.com',
  };
}

export function madeJob(id: string, createTime: string, body: Fields): HeldJob {
  return { name: `${PARENT}/pipelineJobs/${id}`, state: 'PIPELINE_STATE_RUNNING', createTime, startTime: createTime, labels: {}, ...body };
}

export function failedJob(): HeldJob {
  return madeJob('train-1', '2026-02-01T00:00:00Z', {
    displayName: 'train',
    state: 'PIPELINE_STATE_FAILED',
    labels: { team: 'ml', 'vertex-ai-pipelines-run-billing-id': '123' },
    templateUri: 'https://europe-west4-kfp.pkg.dev/ml-prod/pipelines/train/v3',
    runtimeConfig: { gcsOutputDirectory: 'gs://pipelines/out', parameterValues: { rate: 0.1 } },
    serviceAccount: 'trainer@ml-prod.iam.gserviceaccount.com',
    scheduleName: `${PARENT}/schedules/s1`,
    endTime: '2026-02-01T01:00:00Z',
    error: { code: 9, message: 'The DAG failed because some tasks failed.' },
    jobDetail: {
      taskDetails: [
        { taskId: '1', taskName: 'load', state: 'SUCCEEDED' },
        { taskId: '2', taskName: 'fit', state: 'FAILED', error: { code: 14, message: 'connection reset by peer' } },
      ],
    },
  });
}
