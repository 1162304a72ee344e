import { defineQuery, defineSignal } from '@temporalio/workflow';
import type { Alert } from '../incident/alert.ts';
import type { Target } from '../incident/target.ts';
import type { Runbook } from '../runbooks/schema.ts';

/** What an incident's workflow starts with. The validated runbook is pinned: later edits change nothing here. */
export interface IncidentInput {
  readonly target: Target;
  readonly runbook: Runbook;
}

/** An alert about the target fired, or fired again. */
export const alertFired = defineSignal<[Alert]>('alertFired');
/** The source says that the alert is over. */
export const alertResolved = defineSignal<[Alert]>('alertResolved');
/** The incident that holds a target's lock lets go of it. */
export const targetReleased = defineSignal('targetReleased');
/** The story so far, a sentence a line. */
export const story = defineQuery<string[]>('story');
