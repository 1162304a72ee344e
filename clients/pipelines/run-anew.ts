import type { PipelineClient } from '../cluster.ts';
import { Refused } from '../failures.ts';
import type { runMaker } from './make-run.ts';

/** The retry of a kind whose failed run does not go on by itself: it is run anew, or that is taken back. */
export function runAnew(kind: string, setRun: ReturnType<typeof runMaker>): PipelineClient['retry'] {
  return async (target, change, bound, options) => {
    if (change.kind === 'sameRun') throw new Refused(`A ${kind} that failed does not go on; ${target.name} can only be run anew.`);
    return setRun(target, change, bound, options);
  };
}

/** The pause of a kind that runs once. */
export function noSchedule(kind: string): PipelineClient['pause'] {
  return async ({ name }) => {
    throw new Refused(`A ${kind} has no schedule; that of ${name} cannot be set.`);
  };
}
