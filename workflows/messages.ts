import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Board } from '../guards/board.ts';
import type { FailureSeen } from '../guards/ledger/failures.ts';
import type { Report } from '../guards/ledger/leases.ts';
import type { Freeze, Ledger } from '../guards/ledger/ledger.ts';
import type { LimitLayer } from '../guards/limits.ts';
import type { Permit } from '../guards/permit.ts';
import type { PermitRequest } from '../guards/request.ts';
import type { Alert } from '../incident/alert.ts';
import type { IncidentRun } from '../incident/incident.ts';
import type { Suspect } from '../incident/suspect.ts';
import type { Target } from '../incident/target.ts';
import type { Runbook } from '../runbooks/schema.ts';
import type { Asked } from './decision-call.ts';

/** What an incident's workflow starts with. The validated runbook and the limits are pinned: later edits change nothing here. */
export interface IncidentInput {
  readonly target: Target;
  readonly runbook: Runbook;
  /** Of cluster, namespace and runbook; all apply at once. */
  readonly limits: readonly LimitLayer[];
}

/** An alert about the target fired, or fired again. */
export const alertFired = defineSignal<[Alert]>('alertFired');
/** The source says that the alert is over. */
export const alertResolved = defineSignal<[Alert]>('alertResolved');
/** A permit office answers. */
export const permitAnswered = defineSignal<[PermitAnswer]>('permitAnswered');
/** The story so far, a sentence a line. */
export const story = defineQuery<string[]>('story');

/** A person's decision on what an incident asks, on the command line or in the Web UI. */
export interface DecisionCall {
  /** The id of the plan, as it was shown. */
  readonly plan: string;
  readonly decision: 'approve' | 'decline';
  /** The person who decides; never Paramedic. */
  readonly by: string;
  readonly reason?: string | undefined;
}

/** Decides once on the plan that is asked about now. What does not fit is refused with a sentence, and leaves no trace. */
export const decide = defineUpdate<void, [DecisionCall]>('decide');
/** What is asked of people now, or was approved and not done yet; null when nothing is. */
export const asked = defineQuery<Asked | null>('asked');

/** A question to a permit office. */
export interface PermitQuestion {
  readonly request: PermitRequest;
  /** The incident's own number of the question, so that it knows the answer. */
  readonly number: number;
}

export interface PermitAnswer {
  readonly number: number;
  readonly permit: Permit;
}

/** An incident asks a permit office for leave; it is answered by `permitAnswered`. */
export const permitAsked = defineSignal<[PermitQuestion]>('permitAsked');
/** What became of a permit. */
export const permitReported = defineSignal<[Report]>('permitReported');
/** An incident has seen its target fail. */
export const failureSeen = defineSignal<[FailureSeen]>('failureSeen');
/** An incident lets go of what it holds. */
export const incidentLeft = defineSignal<[IncidentRun & { readonly isOver: boolean }]>('incidentLeft');
/** A source of alerts proved to be alive. */
export const sourceAlive = defineSignal<[string]>('sourceAlive');

/** A stop as a person calls it, on the command line or in the Web UI. Everything may be left out. */
export interface FreezeCall {
  readonly namespace?: string | null | undefined;
  readonly runbook?: string | null | undefined;
  readonly forSeconds?: number | null | undefined;
  readonly by?: string | undefined;
  readonly reason?: string | undefined;
}

/** Nothing new begins from now on. Returns the freezes that are in force. */
export const freeze = defineUpdate<readonly Freeze[], [FreezeCall | undefined]>('freeze');
/** Ends the freeze of exactly this scope; of every scope when none is given. Returns the freezes that are left. */
export const thaw = defineUpdate<readonly Freeze[], [Pick<FreezeCall, 'namespace' | 'runbook'> | undefined]>('thaw');
/** A person vouches for what held back. */
export interface ResetCall {
  /** A circuit breaker by its name, what a storm shares, `source <name>` of alerts that is gone for good, or `record`: the whole record. */
  readonly of: string;
  readonly by?: string | undefined;
  /** It stands in the office's history. */
  readonly reason?: string | undefined;
}

/** What was before no longer counts against what is reset. */
export const reset = defineUpdate<void, [ResetCall]>('reset');
/** What people see of a permit office. */
export const guardBoard = defineQuery<Board>('guards');
/** The whole record, so that another office can take it over. */
export const officeLedger = defineQuery<Ledger>('ledger');
/** Why a permit, by its id, no longer holds; null when it does. */
export const whyPermitVoid = defineQuery<string | null, [string]>('whyVoid');

/** What many failing targets of a cluster share. */
export interface StormInput {
  readonly cluster: string;
  readonly suspect: Suspect;
}

/** How a storm stands. */
export interface StormNow {
  readonly targets: readonly string[];
  readonly targetCount: number;
  readonly isOver: boolean;
}

/** The permit office tells the incident that leads a storm how it stands. */
export const stormNow = defineSignal<[StormNow]>('stormNow');
