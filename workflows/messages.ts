import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Board } from '../guards/board.ts';
import type { Freeze, Ledger } from '../guards/ledger/ledger.ts';
import type { OfficeNews } from '../guards/office.ts';
import type { Permit } from '../guards/permit.ts';
import type { PermitRequest } from '../guards/request.ts';
import type { Alert } from '../incident/alert.ts';
import type { Answer } from '../incident/approval.ts';
import type { AuditEntry } from '../incident/audit-entry.ts';
import type { CauseKind } from '../incident/cause.ts';
import type { Lesson } from '../incident/experience/lesson.ts';
import type { Experience } from '../incident/experience/record.ts';
import type { Row } from '../incident/experience/row.ts';
import type { FailureType } from '../incident/failure-type.ts';
import type { ViewNews } from '../incident/incident-view.ts';
import type { ModelRecord } from '../incident/model-record.ts';
import type { KeptRecord } from '../incident/models/kept-record.ts';
import type { ModelFact } from '../incident/models/model-facts.ts';
import type { Person } from '../incident/person.ts';
import type { Portion } from '../incident/portion.ts';
import type { RemedyName } from '../incident/remedy.ts';
import type { Suspect } from '../incident/suspect.ts';
import type { Target, TargetKind } from '../incident/target.ts';
import type { Carried, Policy } from './carried.ts';
import type { Asked } from './decision-call.ts';

/** What an incident's workflow starts with. */
export interface IncidentInput extends Policy {
  readonly target: Target;
  /** Absent: it begins. */
  readonly carried?: Carried | undefined;
}

/** Alerts about the target fired, or fired again. The policy is what they would begin, were no incident of the target open. */
export const alertsFired = defineSignal<[readonly Alert[], Policy?]>('alertsFired');
/** The source says that the alert is over. */
export const alertResolved = defineSignal<[Alert]>('alertResolved');

/** What one run of a cluster's intake hands on to the next. */
export interface IntakeInput {
  readonly cluster: string;
  /** Absent: nothing waits yet. */
  readonly waiting?: readonly Portion[] | undefined;
}

/** Alerts that came together, to be brought to their incidents after all that was handed over before. */
export const handedOver = defineSignal<[Portion]>('handedOver');

/** The story so far, a sentence a line. */
export const story = defineQuery<string[]>('story');

/** Where an incident is shown. */
export interface ThreadInput {
  /** Id of a channel of Slack. */
  readonly channel: string;
}

/** What a digest is made of, and where it goes. */
export interface DigestInput {
  /** Id of a channel of Slack. */
  readonly channel: string;
  /** Null: of all clusters. */
  readonly cluster: string | null;
  /** How many days it is about. */
  readonly days: number;
}

/** An incident tells its thread how it is now. */
export const incidentShown = defineSignal<[ViewNews]>('incidentShown');

/** A person's decision on what an incident asks. */
export interface DecisionCall {
  /** The id of the plan, as it was shown. */
  readonly plan: string;
  readonly decision: Answer;
  /** The person who decides; never Paramedic. A name alone is one that was typed in the Web UI. */
  readonly by: string | Person;
  readonly reason?: string | undefined;
}

/**
 * Decides once on the plan that is asked about now. What cannot be understood is refused and leaves no trace; whoever may not decide, or
 * not on this, or not any more, is refused with a sentence that stands in the audit trail.
 */
export const decide = defineUpdate<void, [DecisionCall]>('decide');
/** What is asked of people now, or was approved and not done yet; null when nothing is. */
export const asked = defineQuery<Asked | null>('asked');

/** A person takes upon themselves what people were told. */
export interface AcknowledgeCall {
  /** The person; a name alone is one that was typed in the Web UI. */
  readonly by: string | Person;
  readonly reason?: string | undefined;
}

/** Nobody else is told or reminded from now on. Refused where nobody was told of anything, and where somebody has it already. */
export const acknowledge = defineUpdate<void, [AcknowledgeCall]>('acknowledge');

/**
 * One thing that an incident says to a permit office: it asks for leave, reports what became of it, has seen its target fail, or lets go.
 * A drill says what it has seen go wrong.
 */
export type Saying =
  | { readonly kind: 'ask'; readonly request: PermitRequest }
  | Extract<OfficeNews, { readonly kind: 'report' | 'failure' | 'left' | 'demote' }>;

/** What incidents say, many things at once. Returns, in this order, a permit or refusal for each that asks, and null for the others. */
export const said = defineUpdate<readonly (Permit | null)[], [readonly Saying[]]>('said');
/** A source of alerts proved to be alive. */
export const sourceAlive = defineSignal<[string]>('sourceAlive');

/** A stop as a person calls it, on the command line or in the Web UI. Everything may be left out. */
export interface FreezeCall {
  readonly namespace?: string | null | undefined;
  readonly runbook?: string | null | undefined;
  readonly forSeconds?: number | null | undefined;
  /** A name alone is one that was typed in the Web UI. */
  readonly by?: string | Person | undefined;
  readonly reason?: string | undefined;
}

/** The end of a stop. Everything may be left out. */
export type ThawCall = Omit<FreezeCall, 'forSeconds'>;

/** Nothing new begins from now on. Returns the freezes that are in force. */
export const freeze = defineUpdate<readonly Freeze[], [FreezeCall | undefined]>('freeze');
/** Ends the freeze of exactly this scope; of every scope when none is given. Returns the freezes that are left. */
export const thaw = defineUpdate<readonly Freeze[], [ThawCall | undefined]>('thaw');
/** A person vouches for what held back. */
export interface ResetCall {
  /**
   * A circuit breaker by its name, what a storm shares, `demotion <runbook>/<remedy>/<namespace>`, `source <name>` of alerts that is gone
   * for good, or `record`: the whole record.
   */
  readonly of: string;
  readonly by?: string | Person | undefined;
  /** It stands in the office's history, and in the audit trail. */
  readonly reason?: string | undefined;
}

/** What a person wants to be asked about from now on. */
export interface DemoteCall {
  readonly runbook: string;
  /** Left out: every remedy of the runbook. */
  readonly remedy?: string | null | undefined;
  /** Left out: in every namespace. */
  readonly namespace?: string | null | undefined;
  /** A name alone is one that was typed in the Web UI. */
  readonly by?: string | Person | undefined;
  readonly reason: string;
}

/** From now on a person must allow it each time, until a reset of the demotion. Returns its name. */
export const demote = defineUpdate<string, [DemoteCall]>('demote');
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

/** What one run of a model's record hands on to the next. */
export interface ModelRecordInput {
  readonly cluster: string;
  readonly record: KeptRecord;
  /** Commands of people that are still to be written down. */
  readonly unwritten?: readonly AuditEntry[] | undefined;
}

/** What was learned of the model, in this order. */
export const modelFacts = defineSignal<[readonly ModelFact[]]>('modelFacts');
/** What Paramedic knows of the model. */
export const modelRecordNow = defineQuery<ModelRecord>('record');
/** The whole of it, with what Paramedic itself wrote of late. */
export const keptModelRecord = defineQuery<KeptRecord>('kept');

/** What a person says of one version of a model, on the command line or in the Web UI. */
export interface VersionCall {
  /** The registry's version, or the address as a server writes it. */
  readonly version: string;
  /** A name alone is one that was typed in the Web UI. */
  readonly by: string | Person;
  readonly reason: string;
}

/** This version is what is gone back to, whatever registry and record say. Each of these returns the record as it is then. */
export const pinVersion = defineUpdate<ModelRecord, [VersionCall]>('pin');
/** What was pinned is pinned no more. */
export const unpinVersion = defineUpdate<ModelRecord, [Omit<VersionCall, 'version'>]>('unpin');
/** This version is not to be served again. */
export const quarantineVersion = defineUpdate<ModelRecord, [VersionCall]>('quarantine');
/** This version is out of quarantine. */
export const releaseVersion = defineUpdate<ModelRecord, [VersionCall]>('release');

/** What one run of an experience hands on to the next. */
export interface ExperienceInput {
  readonly cluster: string;
  readonly failureType: FailureType;
  readonly experience: Experience;
  /** Commands of people that are still to be written down. */
  readonly unwritten?: readonly AuditEntry[] | undefined;
}

/** An incident tells what it teaches. */
export const lessonLearned = defineSignal<[Lesson]>('lessonLearned');
/** What is known of every remedy for a cause on a kind of target. */
export const experienceOf = defineQuery<readonly Row[], [CauseKind, TargetKind]>('experienceOf');
/** All that is known. */
export const keptExperience = defineQuery<Experience>('experience');

/** What a person says of an incident that has ended, on the command line or in the Web UI. */
export interface JudgeCall {
  readonly incident: string;
  /** Left out: its newest. */
  readonly run?: string | undefined;
  readonly says?: 'right' | 'wrong' | undefined;
  /** The real cause. */
  readonly cause?: CauseKind | undefined;
  /** Of what was tried, by which remedy it was; left out: of all. */
  readonly remedy?: RemedyName | undefined;
  /** A name alone is one that was typed in the Web UI. */
  readonly by: string | Person;
  readonly reason: string;
}

/** What was learned of an incident is put right. Returns the rows that it is about, as they are then; each of the next two returns all. */
export const judgeIncident = defineUpdate<readonly Row[], [JudgeCall]>('judge');

/** What a person wants to be forgotten: of a cause, of a remedy, of both, or all of it. */
export interface ForgetCall extends Pick<JudgeCall, 'cause' | 'remedy' | 'by' | 'reason'> {
  readonly all?: true | undefined;
}

/** What is named is as if nothing had ever been learned of it. */
export const resetExperience = defineUpdate<readonly Row[], [ForgetCall]>('reset');

/** What was learned elsewhere, or before. */
export interface ImportCall extends Pick<JudgeCall, 'by' | 'reason'> {
  readonly experience: Experience;
  readonly way: 'merge' | 'replace';
}

/** What was exported is known here. */
export const importExperience = defineUpdate<readonly Row[], [ImportCall]>('import');
