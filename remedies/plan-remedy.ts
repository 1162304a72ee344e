import { type Context, QUIET_CONTEXT } from '../incident/context.ts';
import { type Evidence, isRun, isWorkload, servedModel, servingWorkload, type WorkloadEvidence } from '../incident/evidence.ts';
import type { Rung } from '../incident/remedy.ts';
import type { Runbook } from '../runbooks/schema.ts';
import { leaveNode } from './leave-node.ts';
import { pauseSchedule } from './pause-schedule.ts';
import { type Planned, unusable } from './planned.ts';
import { raiseMemory } from './raise-memory.ts';
import { restart } from './restart.ts';
import { retryRun, retryRunWithMoreMemory } from './retry-run.ts';
import { rollBackModel } from './roll-back-model.ts';
import { scale } from './scale.ts';
import { undoPolicy } from './undo-policy.ts';
import { undoRelease } from './undo-release.ts';
import { whyReleaseStays } from './why-release-stays.ts';

/** What a runbook lets its remedies do. */
export type RemedyLimits = Pick<Runbook, 'memory' | 'model' | 'node' | 'scale' | 'network' | 'gitOps'>;

/** Makes a remedy concrete for what was seen of a target and around it. Pure: it looks at nothing else. */
export function planRemedy(remedy: Rung, evidence: Evidence, limits: RemedyLimits, context: Context = QUIET_CONTEXT): Planned {
  switch (remedy) {
    case 'restart':
      return ofPods(remedy, evidence, (workload) => restart(workload, context));
    case 'undoRelease': {
      const why = whyReleaseStays(evidence, context);
      if (why !== null) return unusable(why);
      return ofReleases(remedy, evidence, undoRelease);
    }
    case 'undoPolicy':
      return undoPolicy(context, limits);
    case 'raiseMemory':
      return isWorkload(evidence) ? raiseMemory(evidence, limits.memory, context) : notFor(remedy, evidence);
    case 'rollBackModel': {
      const served = servedModel(evidence);
      return served === null ? notFor(remedy, evidence) : rollBackModel(served, limits.model);
    }
    case 'retryRun':
      return isRun(evidence) ? retryRun(evidence) : notFor(remedy, evidence);
    case 'retryRunWithMoreMemory':
      return isRun(evidence) ? retryRunWithMoreMemory(evidence, limits.memory) : notFor(remedy, evidence);
    case 'pauseSchedule':
      return isRun(evidence) ? pauseSchedule(evidence) : notFor(remedy, evidence);
    case 'leaveNode':
      return ofPods(remedy, evidence, (workload) => leaveNode(workload, limits.node, context));
    case 'scale':
      return scale(context, limits);
    default:
      return remedy satisfies never;
  }
}

/** What is done to pods alone is done whatever makes them; those of a run are left to it. */
function ofPods(remedy: Rung, evidence: Evidence, plan: (workload: WorkloadEvidence) => Planned): Planned {
  if (isRun(evidence)) return notFor(remedy, evidence);
  const workload = servingWorkload(evidence);
  return workload === null ? unusable('It has no pods yet.') : plan(workload);
}

/** What has releases of its own: a workload, or a Rollout, which keeps them as a Deployment does. */
function ofReleases(remedy: Rung, evidence: Evidence, plan: (workload: WorkloadEvidence) => Planned): Planned {
  if (isWorkload(evidence)) return plan(evidence);
  return evidence.kind === 'Rollout' && evidence.workload !== null ? plan(evidence.workload) : notFor(remedy, evidence);
}

function notFor(remedy: Rung, { kind }: Evidence): Planned {
  return unusable(`The remedy ${remedy} does not apply to a target of kind ${kind}.`);
}
