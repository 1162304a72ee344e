import { googleFailure, NOT_FOUND } from '../google.ts';
import type { Recorded, Reply } from '../recorder.ts';
import { type Fields, type HeldEndpoint, PARENT, type VertexDouble } from './held.ts';

/** The endpoint "e1", what is under way there, and what it predicts. */
export function answerEndpoints(state: VertexDouble, request: Recorded, id: string, more: string, verb: string): Reply {
  const { endpoint, operations } = state;
  const { method, body } = request;
  if (id === '') return { body: { endpoints: [endpoint] } };
  if (id !== 'e1') return NOT_FOUND(`Endpoint ${id}`);
  if (more === '/operations') return { body: { operations: operations.filter(({ done }) => !done).map(told) } };
  if (more !== '') return callOff(state, more);
  if (verb === 'predict')
    return { body: { predictions: (body as { instances: unknown[] }).instances.map(() => 0.7), deployedModelId: '222' } };
  if (verb === 'deployModel') return deploy(state, body as Fields);
  return method === 'PATCH' ? patch(state, request) : { body: endpoint };
}

function patch(state: VertexDouble, { query, body }: Recorded): Reply {
  const { endpoint } = state;
  const sent = body as Partial<HeldEndpoint>;
  const fields = (query.updateMask ?? '').split(',') as ('trafficSplit' | 'labels')[];
  if (fields.some((field) => field !== 'trafficSplit' && field !== 'labels')) return googleFailure(400, 'INVALID_ARGUMENT', 'updateMask');
  if (sent.etag !== undefined && sent.etag !== endpoint.etag) return googleFailure(409, 'ABORTED', 'The etag does not match.');
  const whole = Object.values(sent.trafficSplit ?? {}).reduce((sum, share) => sum + share, 0);
  if (fields.includes('trafficSplit') && whole !== 100) return googleFailure(400, 'INVALID_ARGUMENT', 'Traffic must sum up to 100.');
  if (fields.includes('trafficSplit')) endpoint.trafficSplit = sent.trafficSplit ?? {};
  if (fields.includes('labels')) endpoint.labels = sent.labels ?? {};
  state.touch();
  return { body: endpoint };
}

function deploy({ endpoint, operations }: VertexDouble, asked: Fields): Reply {
  const { id } = asked.deployedModel as { id: string };
  if (operations.some(({ done }) => !done))
    return googleFailure(400, 'FAILED_PRECONDITION', 'There are other operations running on the Endpoint.');
  if (endpoint.deployedModels.some((one) => one.id === id))
    return googleFailure(409, 'ALREADY_EXISTS', `DeployedModel ${id} is there already.`);
  const name = `${PARENT}/endpoints/e1/operations/${operations.length + 1}`;
  operations.push({ name, done: false, asked });
  return { body: { name, done: false } };
}

/** An operation tells nobody what it was asked for. */
function told({ name, done }: VertexDouble['operations'][number]) {
  return { name, done };
}

function callOff({ operations }: VertexDouble, below: string): Reply {
  const operation = operations.find(({ name }) => name.endsWith(below));
  if (!operation) return NOT_FOUND(`Operation ${below}`);
  operation.done = true;
  return { body: {} };
}
