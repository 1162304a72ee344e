import type { Reading } from '../../incident/reading.ts';
import { type Guard, refuse } from '../guard.ts';

const LOOK_AGAIN_MS = 15_000;

/** What cannot be read refuses: unknown is never yes. */
export const readable: Guard = ({ request: { surroundings }, nowMs }) => {
  const { apiServerMs, object, namespace, nodes, replicas, metrics, registry } = surroundings;
  const readings: readonly (Reading<unknown> | null)[] = [object, namespace, nodes, replicas, metrics, registry, apiServerMs];
  const dark = readings.find((reading) => reading?.kind === 'unreadable');
  return dark?.kind === 'unreadable'
    ? refuse('sight', `Nothing is changed blindly: ${dark.what} cannot be read (${dark.reason}).`, nowMs + LOOK_AGAIN_MS)
    : null;
};
