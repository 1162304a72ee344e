import { defineQuery } from '@temporalio/workflow';
import type { NamedDrill } from '../activities/drill-course.ts';

/** One drill in one namespace of a cluster. */
export interface DrillInput extends NamedDrill {
  readonly cluster: string;
  readonly namespace: string;
}

/** What came of a drill. `notPlayed`: it says nothing of Paramedic, since the fault could not be injected or the drill was ended. */
export interface DrillResult {
  readonly name: string;
  readonly title: string;
  readonly verdict: 'passed' | 'failed' | 'notPlayed';
  /** Why it has not passed, each as a sentence or a part of one. */
  readonly why: readonly string[];
  readonly expected: { readonly cause: string; readonly end: string; readonly remedy?: string | undefined };
  readonly cause: string | null;
  readonly end: string | null;
  readonly remedies: readonly string[];
  /** From the alert until the cluster was as it is to be, or a person was told. */
  readonly seconds: number | null;
  /** The incident's workflow id; null where none was looked for. */
  readonly incident: string | null;
  /** Name of the runbook that was put to the test. */
  readonly runbook: string | null;
}

/** Drills one after the other. */
export interface DrillsInput {
  readonly cluster: string;
  readonly namespace: string;
  /** Null: all that the cluster's nodes can do. */
  readonly names: readonly string[] | null;
  /** Where no names are given, also those that are right when a person is told. */
  readonly asking: boolean;
  /** At most so many that were healed within an hour: what heals them counts in the limits, which others need as well. */
  readonly perHour: number;
  /** Whether people are told of what does not pass; whoever waits for the result sees it. */
  readonly tellsPeople: boolean;
}

/** How far drills have come. */
export interface DrillsNow {
  readonly total: number;
  readonly done: readonly DrillResult[];
  /** The drill that is being run; null: none is. */
  readonly now: string | null;
}

export const drillsNow = defineQuery<DrillsNow>('drills');
