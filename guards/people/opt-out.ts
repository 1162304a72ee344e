import { type Guard, refuse } from '../guard.ts';

const LOOK_AGAIN_MS = 60_000;

/** What its owner wants left alone is left alone. */
export const optOut: Guard = ({ request: { surroundings }, nowMs }) => {
  const { object, namespace } = surroundings;
  const [what, why] =
    object.kind === 'read' && object.value.optOut !== null
      ? ['The target', object.value.optOut]
      : ['Its namespace', namespace.kind === 'read' ? namespace.value.optOut : null];
  if (why === null) return null;
  return refuse(
    'opt-out',
    `${what} is annotated to be left alone${why === '' || why === 'true' ? '' : ` ("${why}")`}.`,
    nowMs + LOOK_AGAIN_MS,
  );
};
