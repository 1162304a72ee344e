import { NOT_FOUND } from '../google.ts';
import type { Recorded, Reply } from '../recorder.ts';
import { answerEndpoints } from './endpoint-double.ts';
import { deployed, type Fields, failedJob, momentOf, PARENT, type VertexDouble, version } from './held.ts';
import { answerJobs, answerSchedules } from './job-double.ts';
import { answerModels } from './model-double.ts';

export function vertexDouble(): VertexDouble {
  const state: VertexDouble = {
    changes: 0,
    versions: [version('2', ['default', 'production']), version('1', ['last-known-good'])],
    endpoint: {
      name: `${PARENT}/endpoints/e1`,
      displayName: 'churn',
      createTime: '2026-01-01T00:00:00Z',
      updateTime: momentOf(0),
      etag: 'etag-0',
      labels: { team: 'ml' },
      trafficSplit: { '222': 100, '111': 0 },
      deployedModels: [deployed('111', '1'), deployed('222', '2')],
    },
    jobs: new Map(),
    schedule: {
      name: `${PARENT}/schedules/s1`,
      displayName: 'nightly',
      state: 'ACTIVE',
      cron: '0 3 * * *',
      lastPauseTime: momentOf(0),
      lastScheduledRunResponse: { scheduledRunTime: '2026-01-31T03:00:00Z', runResponse: 'OK' },
    },
    operations: [],
    touch() {
      state.endpoint.etag = `etag-${++state.changes}`;
      state.endpoint.updateTime = momentOf(state.changes);
    },
    finishDeploying() {
      for (const operation of state.operations.filter(({ done }) => !done)) {
        operation.done = true;
        const { deployedModel, trafficSplit } = operation.asked as { deployedModel: Fields; trafficSplit: Record<string, number> };
        const [model, modelVersionId] = String(deployedModel.model).split('@');
        state.endpoint.deployedModels.push({ ...deployedModel, model, modelVersionId, createTime: momentOf(++state.changes) });
        const split = Object.entries(trafficSplit).map(([id, share]) => [id === '0' ? deployedModel.id : id, share]);
        state.endpoint.trafficSplit = Object.fromEntries(split);
        state.touch();
      }
    },
    answer: (request) => answer(state, request),
  };
  state.jobs.set('train-1', failedJob());
  return state;
}

function answer(state: VertexDouble, request: Recorded): Reply {
  // Operations are below `ui`, too, which is what the package asks.
  const [, below = ''] = request.path.replace('/ui/', '/v1/').split(`/v1/${PARENT}/`);
  const [, kind = '', id = '', more = '', verb = ''] = /^(\w+)(?:\/([^/:]+))?((?:\/[^:]+)?)(?::(\w+))?$/.exec(below) ?? [];
  if (kind === 'models') return answerModels(state, request, id, verb);
  if (kind === 'endpoints') return answerEndpoints(state, request, id, more, verb);
  if (kind === 'pipelineJobs') return answerJobs(state, request, id, verb);
  if (kind === 'schedules' && id === 's1') return answerSchedules(state, request, verb);
  return NOT_FOUND(request.path);
}
