import type { Examination } from '../activities/healing.ts';
import type { Permit } from '../guards/permit.ts';
import { type Change, isBeside } from '../incident/change.ts';
import type { Plan } from '../incident/plan.ts';
import { rollbackOf } from '../incident/rollback.ts';
import { readSurroundings } from './calls.ts';
import type { Course } from './course.ts';
import type { IncidentInput } from './messages.ts';
import type { Permits } from './permits.ts';
import { settled } from './settled.ts';

const LOOK_AGAIN_MS = 15_000;
/** Kinds of change after which the target's spec is as it was. */
const LEAVES_SPEC: readonly Change['kind'][] = ['pod', 'node', 'furtherRun', 'sameRun', 'networkPolicy'];

/** A plan, what it was made for, and the key of the attempt it would be. */
export interface Intent {
  readonly seen: Examination;
  readonly plan: Plan;
  readonly key: string;
  /** A person wants this very plan. */
  readonly isApproved: boolean;
}

/** Asks for leave to carry out a plan, with the world read directly before. */
export async function askLeave(
  { target, runbook, limits }: IncidentInput,
  permits: Permits,
  course: Course,
  intent: Intent,
): Promise<Permit> {
  const { seen, plan, key, isApproved } = intent;
  const surroundings = await settled(() => readSurroundings(target, plan));
  if (surroundings.kind === 'failed')
    return {
      kind: 'refused',
      guard: 'sight',
      reason: `What stands around the target cannot be read: ${surroundings.message}`,
      retryAtMs: Date.now() + LOOK_AGAIN_MS,
    };
  return permits.ask({
    ...permits.incident,
    id: key,
    runbook: runbook.name,
    target,
    remedy: plan.remedy,
    isApproved,
    changesSpec: !LEAVES_SPEC.includes(plan.change.kind) && !isBeside(plan.change),
    plan: { uid: plan.uid, generation: plan.generation },
    attemptsMade: course.attempts(),
    attempts: runbook.attempts,
    rollback: rollbackOf(target, plan, seen.evidence),
    nodes: plan.change.kind === 'node' ? [plan.change.node] : [],
    suspects: seen.suspects,
    surroundings: surroundings.value,
    gitOps: runbook.gitOps,
    limits,
  });
}
