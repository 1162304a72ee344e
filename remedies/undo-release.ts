import type { WorkloadEvidence } from '../incident/evidence.ts';
import { type Planned, unusable } from './planned.ts';

/** Puts the pod template of the release before the newest back. */
export function undoRelease({ releases, paused }: WorkloadEvidence): Planned {
  const [newest, previous] = releases;
  if (paused) return unusable('The Deployment is paused: somebody holds its rollout.');
  if (!newest || !previous) return unusable('Its history holds no release to go back to; see revisionHistoryLimit.');
  return {
    kind: 'change',
    change: { kind: 'podTemplate', from: newest, to: previous },
    why: `Revision ${previous.revision} came before revision ${newest.revision}.`,
  };
}
