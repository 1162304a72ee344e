import { googleFailure, NOT_FOUND } from '../google-reply.ts';
import type { Double, Recorded, Reply } from '../recorder.ts';
import { WHERE } from '../vertex/double.ts';

const PARENT = `projects/${WHERE.project}/locations/${WHERE.location}/deliveryPipelines`;

type Fields = Record<string, unknown>;

/** Cloud Deploy as far as we speak to it: a pipeline "churn" whose release "r2" failed on its target "prod" after "r1" was good. */
export interface CloudDeployDouble {
  readonly answer: Double;
  readonly pipeline: Fields;
  readonly rollouts: Fields[];
}

export function cloudDeployDouble(): CloudDeployDouble {
  const state: CloudDeployDouble = {
    pipeline: { name: `${PARENT}/churn`, uid: 'uid-churn', annotations: {} },
    rollouts: [rollout('r2', 'r2-to-prod-0001', 'FAILED', '02'), rollout('r1', 'r1-to-prod-0001', 'SUCCEEDED', '01')],
    answer: (request) => answer(state, request),
  };
  Object.assign(state.rollouts[0]!, { failureReason: 'The deployment did not become ready.' });
  return state;
}

function rollout(release: string, id: string, state: string, day: string): Fields {
  const name = `${PARENT}/churn/releases/${release}/rollouts/${id}`;
  return { name, uid: `uid-${id}`, targetId: 'prod', state, createTime: `2026-01-${day}T00:00:00Z` };
}

function answer(state: CloudDeployDouble, { method, path, query, body }: Recorded): Reply {
  const below = path.split(`/v1/${PARENT}/`)[1] ?? '';
  if (method === 'GET' && below === 'churn') return { body: state.pipeline };
  if (method === 'GET' && below === 'churn/releases/-/rollouts') {
    const target = /^targetId="(.*)"$/.exec(query.filter ?? '')?.[1];
    const found = state.rollouts.filter(({ targetId }) => targetId === target);
    return { body: found.length > 0 ? { rollouts: found } : {} };
  }
  if (method === 'POST' && below === 'churn:rollbackTarget') return rollBack(state, body as Fields);
  return NOT_FOUND(path);
}

function rollBack({ rollouts }: CloudDeployDouble, { rolloutId, releaseId, targetId, validateOnly }: Fields): Reply {
  if (rollouts.some(({ name }) => String(name).endsWith(`/rollouts/${rolloutId}`)))
    return googleFailure(409, 'ALREADY_EXISTS', `Rollout ${rolloutId} is there already.`);
  if (!rollouts.some(({ name }) => String(name).includes(`/releases/${releaseId}/`)))
    return googleFailure(404, 'NOT_FOUND', `Release ${releaseId} is not found.`);
  const made = { ...rollout(String(releaseId), String(rolloutId), 'IN_PROGRESS', '03'), targetId };
  if (!validateOnly) rollouts.unshift(made);
  return { body: { rollbackConfig: { rollout: made, startingPhaseId: 'stable' } } };
}
