import { type Change, podsOf } from './change.ts';
import { isContained } from './containment.ts';
import { type Evidence, isRun, servedModel, servingWorkload } from './evidence.ts';
import { memoryMi } from './memory.ts';

/** What was done about a failure by others, beside what would have been done. `unseen`: the evidence cannot show it. */
export const PEOPLE_DID = ['same', 'other', 'nothing', 'unseen'] as const;

export type PeopleDid = (typeof PEOPLE_DID)[number];

/**
 * Compares a change that was only observed with what became of its target. Whoever did it, a person, a pipeline or a controller, is not
 * told from the others.
 */
export function peopleDid(change: Change, before: Evidence, after: Evidence): PeopleDid {
  const isSame = isDone(change, before, after);
  if (isSame === null) return 'unseen';
  if (isSame) return 'same';
  return isTouched(before, after) ? 'other' : 'nothing';
}

/** Whether the target is as the change would have made it; null where the evidence cannot show it. */
function isDone(change: Change, before: Evidence, after: Evidence): boolean | null {
  const workload = servingWorkload(after);
  switch (change.kind) {
    case 'podTemplate':
      return workload?.releases[0]?.hash === change.to.hash;
    case 'memory':
      return isRaised(workload?.memory[change.container]?.limit, change.from.limit);
    case 'modelVersion':
      return servedModel(after)?.wanted === change.to.address;
    case 'pod':
    case 'node': {
      const isGone = ({ uid }: { readonly uid: string }) => !workload?.pods.some((pod) => pod.uid === uid);
      return newestOf(before) === newestOf(after) && podsOf(change).length > 0 && podsOf(change).every(isGone);
    }
    case 'schedule':
      return isContained(change, after);
    case 'furtherRun':
      return isRun(before) && isRun(after) && after.runs[0]?.uid !== before.runs[0]?.uid;
    case 'sameRun':
      return isRun(after) && after.runs.some(({ name, tries }) => name === change.run.name && tries > change.run.tries);
    case 'replicas':
    case 'networkPolicy':
    case 'promotions':
    case 'training':
      return null;
    default:
      return change satisfies never;
  }
}

function isRaised(limit: string | null | undefined, from: string | null): boolean {
  const [now, then] = [memoryMi(limit), memoryMi(from)];
  return now !== null && then !== null && now > then;
}

/** Whether somebody changed what the target is to be, or took a pod of it away. */
function isTouched(before: Evidence, after: Evidence): boolean {
  if (before.uid !== after.uid || before.generation !== after.generation) return true;
  const [then, now] = [servingWorkload(before), servingWorkload(after)];
  return then !== null && !then.pods.every(({ uid }) => now?.pods.some((pod) => pod.uid === uid));
}

function newestOf(evidence: Evidence): string | undefined {
  return servingWorkload(evidence)?.releases[0]?.hash;
}
