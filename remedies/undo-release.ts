import type { WorkloadEvidence } from '../incident/evidence.ts';
import { leavesFailing } from '../incident/rollout.ts';
import { type Planned, unusable } from './planned.ts';

/** Puts the pod template of the release before the newest back, and where that replaces no pod that fails, has those made anew. */
export function undoRelease({ kind, releases, paused, rollout }: WorkloadEvidence): Planned {
  const [newest, previous] = releases;
  if (paused) return unusable(`The ${kind} is paused: somebody holds its rollout.`);
  if (!newest || !previous) return unusable('Its history holds no release to go back to; see revisionHistoryLimit.');
  return {
    kind: 'change',
    change: { kind: 'podTemplate', from: newest, to: previous, evictsFailing: leavesFailing(rollout) },
    why: `Revision ${previous.revision} came before revision ${newest.revision}.`,
  };
}
