import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { ChildWorkflowCancellationType, type ChildWorkflowHandle, startChild } from '@temporalio/workflow';
import type { Permit } from '../guards/permit.ts';
import { targetLockWorkflowId } from '../incident/incident.ts';
import { type Target, targetText } from '../incident/target.ts';
import { targetReleased } from './messages.ts';
import { targetLock } from './target-lock.ts';

const ASK_AGAIN_MS = 10_000;

/** The incident's side of its target's lock. */
export interface TargetHold {
  /** Takes the lock, or keeps it. Refused while another incident holds it. */
  take(): Promise<Permit>;
  /** Lets go of it; safe to repeat. */
  release(): Promise<void>;
}

export function targetHold(target: Target): TargetHold {
  let held: ChildWorkflowHandle<typeof targetLock> | null = null;
  return {
    async take() {
      if (held) return { kind: 'granted' };
      try {
        held = await startChild(targetLock, {
          workflowId: targetLockWorkflowId(target),
          parentClosePolicy: 'TERMINATE',
          cancellationType: ChildWorkflowCancellationType.ABANDON,
          staticSummary: `Held while an incident acts on ${targetText(target)}`,
        });
        return { kind: 'granted' };
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
        const reason = `Another incident acts on ${targetText(target)}; only one may at a time.`;
        return { kind: 'refused', guard: 'one-incident-per-target', reason, retryAtMs: Date.now() + ASK_AGAIN_MS };
      }
    },
    async release() {
      const lock = held;
      held = null;
      // Somebody may have ended it by hand; then it is released already.
      await lock?.signal(targetReleased).catch(() => undefined);
    },
  };
}
