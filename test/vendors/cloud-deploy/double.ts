import { googleFailure, NOT_FOUND, WHERE } from '../google.ts';
import type { Double, Recorded, Reply } from '../recorder.ts';

const PARENT = `projects/${WHERE.project}/locations/${WHERE.location}/deliveryPipelines`;

type Fields = Record<string, unknown>;

export interface HeldRollout extends Fields {
  readonly name: string;
  readonly targetId: string;
  state: string;
}

/** Cloud Deploy as far as we speak to it: a pipeline "churn" whose release "r2" failed on its target "prod" after "r1" was good. */
export interface CloudDeployDouble {
  readonly answer: Double;
  readonly pipeline: Fields;
  /** The newest first. */
  readonly rollouts: HeldRollout[];
}

export function cloudDeployDouble(): CloudDeployDouble {
  const state: CloudDeployDouble = {
    pipeline: {
      name: `${PARENT}/churn`,
      uid: 'uid-churn',
      annotations: {},
      serialPipeline: { stages: [{ targetId: 'staging' }, { targetId: 'prod' }] },
    },
    rollouts: [
      {
        ...rollout('r2', 'r2-to-prod-0001', 'FAILED', '02'),
        failureReason: 'It did not become ready.',
        deployFailureCause: 'EXECUTION_FAILED',
      },
      rollout('r1', 'r1-to-prod-0001', 'SUCCEEDED', '01'),
    ],
    answer: (request) => answer(state, request),
  };
  return state;
}

/** @param day of January 2026, when it was made */
export function rollout(release: string, id: string, state: string, day: string): HeldRollout {
  const name = `${PARENT}/churn/releases/${release}/rollouts/${id}`;
  return { name, uid: `uid-${id}`, targetId: 'prod', state, createTime: `2026-01-${day}T00:00:00Z` };
}

function answer(state: CloudDeployDouble, { method, path, query, body }: Recorded): Reply {
  if (path === `/v1/${PARENT}`) return { body: { deliveryPipelines: [state.pipeline] } };
  const below = path.split(`/v1/${PARENT}/`)[1] ?? '';
  if (method === 'GET' && below === 'churn') return { body: state.pipeline };
  if (method === 'GET' && below === 'churn/releases/-/rollouts') {
    const target = /^targetId="(.*)"$/.exec(query.filter ?? '')?.[1];
    const found = state.rollouts.filter(({ targetId }) => targetId === target);
    return { body: found.length > 0 ? { rollouts: found } : {} };
  }
  if (method === 'POST' && below === 'churn:rollbackTarget') return rollBack(state, body as Readonly<Record<string, string>>);
  return NOT_FOUND(path);
}

function rollBack({ rollouts }: CloudDeployDouble, asked: Readonly<Record<string, string | boolean>>): Reply {
  const { rolloutId, releaseId, targetId, rolloutToRollBack, validateOnly } = asked;
  if (rollouts.some(({ name }) => name.endsWith(`/rollouts/${rolloutId}`)))
    return googleFailure(409, 'ALREADY_EXISTS', `Rollout ${rolloutId} is there already.`);
  if (!rollouts.some(({ name }) => name.includes(`/releases/${releaseId}/`)))
    return googleFailure(404, 'NOT_FOUND', `Release ${releaseId} is not found.`);
  if (rolloutToRollBack !== undefined && !rollouts[0]?.name.endsWith(`/rollouts/${rolloutToRollBack}`))
    return googleFailure(400, 'FAILED_PRECONDITION', `Rollout ${rolloutToRollBack} is not the latest one on the target.`);
  const made = { ...rollout(String(releaseId), String(rolloutId), 'IN_PROGRESS', '03'), targetId: String(targetId) };
  if (!validateOnly) rollouts.unshift(made);
  return { body: { rollbackConfig: { rollout: made, startingPhaseId: 'stable' } } };
}
