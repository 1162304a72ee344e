import { googleFailure, NOT_FOUND } from '../google-reply.ts';
import type { Double, Recorded, Reply } from '../recorder.ts';

export const WHERE = { project: 'ml-prod', location: 'europe-west4' };
const PARENT = `projects/${WHERE.project}/locations/${WHERE.location}`;

type Fields = Record<string, unknown>;

interface Version extends Fields {
  versionId: string;
  versionAliases: string[];
  labels: Record<string, string>;
}

interface Endpoint extends Fields {
  etag: string;
  updateTime: string;
  trafficSplit: Record<string, number>;
  deployedModels: Fields[];
}

/** Vertex AI as far as we speak to it: a model "7", an endpoint "e1", pipeline jobs and their schedule. */
export interface VertexDouble {
  readonly answer: Double;
  readonly versions: Version[];
  readonly endpoint: Endpoint;
  readonly jobs: Map<string, Fields>;
  readonly schedule: Fields;
  /** Deployments that have not ended. */
  readonly deploying: Fields[];
  /** Somebody else changes the endpoint. */
  touch(): void;
}

export function vertexDouble(): VertexDouble {
  let changes = 0;
  const version = (versionId: string, versionAliases: string[]): Version => ({
    name: `${PARENT}/models/7`,
    versionId,
    versionAliases,
    displayName: 'churn',
    artifactUri: `gs://models/churn/${versionId}`,
    labels: { team: 'ml' },
  });
  const deployed = (id: string, versionId: string) => ({
    id,
    model: `${PARENT}/models/7`,
    modelVersionId: versionId,
    displayName: 'churn',
    createTime: `2026-01-0${versionId}T00:00:00Z`,
    dedicatedResources: { machineSpec: { machineType: 'n1-standard-4' }, minReplicaCount: 1, maxReplicaCount: 2 },
  });
  const state: VertexDouble = {
    versions: [version('2', ['default', 'production']), version('1', ['last-known-good'])],
    endpoint: {
      name: `${PARENT}/endpoints/e1`,
      displayName: 'churn',
      createTime: '2026-01-01T00:00:00Z',
      updateTime: '2026-02-01T00:00:00Z',
      etag: 'etag-0',
      trafficSplit: { '222': 100, '111': 0 },
      deployedModels: [deployed('111', '1'), deployed('222', '2')],
    },
    jobs: new Map(),
    schedule: { name: `${PARENT}/schedules/s1`, displayName: 'nightly', state: 'ACTIVE', cron: '0 3 * * *' },
    deploying: [],
    touch() {
      state.endpoint.etag = `etag-${++changes}`;
      state.endpoint.updateTime = new Date(Date.parse('2026-02-01T00:00:00Z') + changes * 1000).toISOString();
    },
    answer: (request) => answer(state, request),
  };
  const job = (id: string, more: Fields) => state.jobs.set(id, { ...jobOf(id, {}, 0), ...more });
  job('train-1', {
    state: 'PIPELINE_STATE_FAILED',
    scheduleName: `${PARENT}/schedules/s1`,
    endTime: '2026-02-01T01:00:00Z',
    error: { code: 9, message: 'The DAG failed because some tasks failed.' },
    jobDetail: {
      taskDetails: [{ taskId: '1', taskName: 'fit', state: 'FAILED', error: { code: 14, message: 'connection reset by peer' } }],
    },
  });
  return state;
}

function jobOf(id: string, body: Fields, minute: number): Fields {
  return {
    name: `${PARENT}/pipelineJobs/${id}`,
    displayName: 'train',
    state: 'PIPELINE_STATE_RUNNING',
    createTime: `2026-02-01T00:0${minute}:00Z`,
    startTime: '2026-02-01T00:00:10Z',
    labels: {},
    templateUri: 'https://europe-west4-kfp.pkg.dev/ml-prod/pipelines/train/v3',
    runtimeConfig: { gcsOutputDirectory: 'gs://pipelines/out', parameterValues: { rate: 0.1 } },
    ...body,
  };
}

function answer(state: VertexDouble, request: Recorded): Reply {
  const { method, path } = request;
  // Operations are below `ui`, too, which is what the package asks.
  const [, below = ''] = path.replace('/ui/', '/v1/').split(`/v1/${PARENT}/`);
  const [kind, ...rest] = below.split('/');
  const [name = '', verb] = rest.join('/').split(':');
  if (kind === 'models') return models(state, request, name, verb);
  if (kind === 'endpoints') return endpoints(state, request, name, verb);
  if (kind === 'pipelineJobs' || kind?.startsWith('pipelineJobs')) return jobs(state, request, name, verb);
  if (kind === 'schedules') return schedules(state, method, verb);
  return NOT_FOUND(path);
}

function models(state: VertexDouble, { method, query, body }: Recorded, name: string, verb: string | undefined): Reply {
  const [id, versionId] = name.split('@');
  if (id !== '7') return NOT_FOUND(`Model ${id}`);
  if (verb === 'listVersions') {
    const at = Number(query.pageToken ?? 0);
    const more = at + 1 < state.versions.length ? { nextPageToken: String(at + 1) } : {};
    return { body: { models: state.versions.slice(at, at + 1), ...more } };
  }
  const version = state.versions.find((one) => one.versionId === versionId || one.versionAliases.includes(versionId ?? 'default'));
  if (!version) return NOT_FOUND(`Version ${versionId} of model ${id}`);
  const sent = (body ?? {}) as { versionAliases?: string[]; labels?: Record<string, string> };
  if (verb === 'mergeVersionAliases') {
    for (const alias of sent.versionAliases ?? []) {
      for (const one of state.versions) one.versionAliases = one.versionAliases.filter((other) => other !== alias.replace(/^-/, ''));
      if (!alias.startsWith('-')) version.versionAliases = [...version.versionAliases, alias];
    }
  }
  if (method === 'PATCH' && query.updateMask === 'labels') version.labels = sent.labels ?? {};
  return { body: version };
}

function endpoints(state: VertexDouble, { method, query, body }: Recorded, name: string, verb: string | undefined): Reply {
  const { endpoint } = state;
  const sent = (body ?? {}) as { trafficSplit?: Record<string, number>; etag?: string; deployedModel?: Fields; instances?: unknown[] };
  if (name === 'e1/operations') return { body: { operations: state.deploying } };
  if (name !== 'e1') return NOT_FOUND(`Endpoint ${name}`);
  if (verb === 'predict') return { body: { predictions: sent.instances?.map(() => 0.7), deployedModelId: '222' } };
  if (verb === 'deployModel') {
    const operation = { name: `${PARENT}/endpoints/e1/operations/1`, done: false };
    state.deploying.push(operation);
    return { body: operation };
  }
  if (method === 'PATCH') {
    if (query.updateMask !== 'trafficSplit') return googleFailure(400, 'INVALID_ARGUMENT', 'updateMask');
    if (sent.etag !== undefined && sent.etag !== endpoint.etag) return googleFailure(409, 'ABORTED', 'The etag does not match.');
    if (Object.values(sent.trafficSplit ?? {}).reduce((sum, share) => sum + share, 0) !== 100)
      return googleFailure(400, 'INVALID_ARGUMENT', 'Traffic must sum up to 100.');
    endpoint.trafficSplit = sent.trafficSplit ?? {};
    state.touch();
  }
  return { body: endpoint };
}

function jobs(state: VertexDouble, { method, query, body }: Recorded, name: string, verb: string | undefined): Reply {
  if (method === 'POST' && name === '') {
    const id = query.pipelineJobId ?? '';
    if (state.jobs.has(id)) return googleFailure(409, 'ALREADY_EXISTS', `PipelineJob ${id} is there already.`);
    state.jobs.set(id, jobOf(id, body as Fields, state.jobs.size));
    return { body: state.jobs.get(id) };
  }
  if (method === 'GET' && name === '') {
    const [, label = '', value = ''] = /^labels\.([\w-]+)=(.*)$/.exec(query.filter ?? '') ?? [];
    const found = [...state.jobs.values()].filter(({ labels }) => (labels as Record<string, string>)[label] === value);
    return { body: found.length > 0 ? { pipelineJobs: found } : {} };
  }
  const job = state.jobs.get(name);
  if (!job) return NOT_FOUND(`PipelineJob ${name}`);
  if (verb === 'cancel') {
    job.state = 'PIPELINE_STATE_CANCELLED';
    return { body: {} };
  }
  return { body: job };
}

function schedules({ schedule }: VertexDouble, method: string, verb: string | undefined): Reply {
  if (method === 'POST') {
    schedule.state = verb === 'pause' ? 'PAUSED' : 'ACTIVE';
    return { body: {} };
  }
  return { body: schedule };
}
