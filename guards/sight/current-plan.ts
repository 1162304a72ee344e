import { type Guard, refuse } from '../guard.ts';

/** A plan holds for the state it was made for. */
export const currentPlan: Guard = ({ request: { plan, surroundings }, nowMs }) => {
  const { object } = surroundings;
  if (object.kind !== 'read') return null;
  const { uid, generation } = object.value;
  if (uid === plan.uid && generation === plan.generation) return null;
  const what =
    uid === plan.uid ? `is at generation ${generation}, but the plan was made for ${plan.generation}` : 'was deleted and made anew';
  return refuse('current-plan', `The target ${what}; it is looked at again.`, nowMs);
};
