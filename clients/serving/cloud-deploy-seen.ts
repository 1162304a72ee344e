import { z } from 'zod';
import type { ModelLoading } from '../../incident/evidence.ts';
import { redact } from '../../incident/redact.ts';
import { Refused } from '../failures.ts';

const WORDS_CHARACTERS_MAX = 300;
/** Nothing was brought by these, and may never be. */
const NOT_BEGUN = ['PENDING_APPROVAL', 'APPROVAL_REJECTED', 'PENDING', 'PENDING_RELEASE', 'STATE_UNSPECIFIED'];
const STOPPED = ['CANCELLED', 'HALTED'];
const UNDER_WAY = ['IN_PROGRESS', 'CANCELLING', 'PENDING', 'PENDING_RELEASE', 'PENDING_APPROVAL'];

export const Rollout = z.object({
  /** Ends with `/releases/RELEASE/rollouts/ROLLOUT`. */
  name: z.string(),
  state: z.string().default('STATE_UNSPECIFIED'),
  createTime: z.iso.datetime(),
  failureReason: z.string().default(''),
  deployFailureCause: z.string().default(''),
  /** Cloud Deploy itself is mending it, by an automation of its owners. */
  activeRepairAutomationRun: z.string().default(''),
});
export type Rollout = z.infer<typeof Rollout>;

export const Pipeline = z.object({
  name: z.string(),
  uid: z.string(),
  annotations: z.record(z.string(), z.string()).default({}),
  suspended: z.boolean().default(false),
  serialPipeline: z.object({ stages: z.array(z.object({ targetId: z.string() })).default([]) }).default({ stages: [] }),
});

/** What a delivery pipeline has brought to one of its targets. */
export interface Delivered {
  readonly pipeline: z.infer<typeof Pipeline>;
  /** The newest first. */
  readonly rollouts: readonly Rollout[];
}

/** @throws Refused where the name is none */
export function partsOf(name: string): { readonly pipeline: string; readonly target: string } {
  const [pipeline, target, ...more] = name.split('.');
  if (!pipeline || !target || more.length > 0)
    throw new Refused(`"${name}" names no delivery pipeline and target; it must be PIPELINE.TARGET, such as churn.prod.`);
  return { pipeline, target };
}

/** The rollout that was begun last: what it brings is what is wanted there. */
export function begunLast({ rollouts }: Delivered): Rollout | null {
  return rollouts.find(({ state }) => !NOT_BEGUN.includes(state)) ?? null;
}

/** The rollout that reached its end last: what it brought is what serves. */
export function doneLast({ rollouts }: Delivered): Rollout | null {
  return rollouts.find(({ state }) => state === 'SUCCEEDED') ?? null;
}

/** A rollout that somebody began, or wants to begin, and that has not ended. */
export function underWay({ rollouts }: Delivered): Rollout | null {
  return rollouts.find((one) => UNDER_WAY.includes(one.state) || one.activeRepairAutomationRun !== '') ?? null;
}

/** What is still being done to bring a release, as a sentence; null where it has come to its end. */
export function unfinished(rollout: Rollout): string | null {
  if (rollout.activeRepairAutomationRun !== '') return `release ${releaseOf(rollout)} is being repaired by an automation of Cloud Deploy`;
  const isBegun = UNDER_WAY.includes(rollout.state) && !NOT_BEGUN.includes(rollout.state);
  return isBegun ? `release ${releaseOf(rollout)} is still being brought (${rollout.state})` : null;
}

export function releaseOf({ name }: Rollout): string {
  return /\/releases\/([^/]+)\/rollouts\//.exec(name)?.[1] ?? '';
}

/** What says that a person stopped a rollout, which is no failure of its release; null where nobody did. */
export function stoppedBy(rollout: Rollout): string | null {
  return STOPPED.includes(rollout.state) ? `the rollout of release ${releaseOf(rollout)} is ${rollout.state}` : null;
}

/** How bringing a release goes. */
export function loadingOf({ state, failureReason, deployFailureCause, activeRepairAutomationRun }: Rollout): ModelLoading {
  const failure = redact([deployFailureCause, failureReason].filter(Boolean).join(': '), WORDS_CHARACTERS_MAX) || null;
  if (activeRepairAutomationRun !== '') return { transition: 'InProgress', wanted: null, failure };
  switch (state) {
    case 'SUCCEEDED':
      return { transition: 'UpToDate', wanted: 'Loaded', failure: null };
    case 'FAILED':
      return { transition: 'BlockedByFailedLoad', wanted: 'FailedToLoad', failure: failure ?? 'the rollout failed' };
    default:
      return { transition: 'InProgress', wanted: null, failure };
  }
}
