import { type Guard, refuse } from '../guard.ts';

const LOOK_AGAIN_MS = 60_000;

/** Where a person works, nobody else does: a paused rollout, a cordoned node, a debug shell, a namespace on its way out. */
export const personAtWork: Guard = ({ request: { surroundings }, nowMs }) => {
  const { object, replicas, namespace } = surroundings;
  const waits = (reason: string) => refuse('person-at-work', reason, nowMs + LOOK_AGAIN_MS);
  if (object.kind === 'read' && object.value.heldByPerson !== null) return waits(`A person is at it: ${object.value.heldByPerson}.`);
  if (replicas.kind === 'read' && replicas.value.personAtWork !== null) return waits(`A person is at it: ${replicas.value.personAtWork}.`);
  if (namespace.kind === 'read' && namespace.value.isTerminating) return refuse('person-at-work', 'Its namespace is being deleted.', null);
  return null;
};
