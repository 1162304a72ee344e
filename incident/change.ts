import type { Release } from './evidence.ts';
import type { ContainerMemory } from './memory.ts';
import type { ServedVersion } from './model.ts';
import type { SavedPolicy } from './network-policy.ts';
import { type NodeChange, nodeUseText, type PodRef } from './node-change.ts';
import type { ScalerRef } from './scaling.ts';

/**
 * The one thing a remedy changes, from what to what. It refers to pod templates by what holds them and never holds one,
 * since templates carry secrets and this is written into histories.
 */
export type Change =
  | ({ readonly kind: 'podTemplate'; readonly from: Release; readonly to: Release } & Renewal)
  | ({ readonly kind: 'memory'; readonly container: string; readonly from: ContainerMemory; readonly to: ContainerMemory } & Renewal)
  | {
      readonly kind: 'modelVersion';
      readonly model: string;
      /** Name of the registry that the model is in; null where none tells of it. */
      readonly registry: string | null;
      /** Name of the registry that the model's record is kept under; null where it is in none. Absent: `registry`. */
      readonly place?: string | null;
      readonly from: ServedVersion;
      readonly to: ServedVersion;
    }
  | { readonly kind: 'furtherRun'; readonly from: MadeRun | null; readonly to: MadeRun | null }
  /** The steps of a run that failed are done again, in the same run. */
  | { readonly kind: 'sameRun'; readonly run: RunRef }
  | { readonly kind: 'schedule'; readonly from: 'active' | 'suspended'; readonly to: 'active' | 'suspended' }
  | NodeChange
  /** How many pods its autoscaler may make at most, or how many there are where nothing scales them. */
  | { readonly kind: 'replicas'; readonly scaler: ScalerRef; readonly from: number; readonly to: number }
  /** Null: there is none of this name. It is held whole, since nothing else keeps what is deleted. */
  | { readonly kind: 'networkPolicy'; readonly name: string; readonly from: SavedPolicy | null; readonly to: SavedPolicy | null }
  | {
      readonly kind: 'promotions';
      readonly model: string;
      /** Name of the registry that the model is in; null: the only one there is. */
      readonly registry: string | null;
      readonly from: string | null;
      readonly to: string | null;
    }
  | { readonly kind: 'training'; readonly cronJob: string; readonly uid: string }
  /** These pods are made anew by their controller. */
  | { readonly kind: 'pod'; readonly name: string; readonly uid: string; readonly others?: readonly PodRef[] };

/** The pods that a change takes away by itself; none where its controller decides which. */
export function podsOf(change: Change): readonly PodRef[] {
  if (change.kind === 'node') return change.pods;
  return change.kind === 'pod' ? [{ name: change.name, uid: change.uid }, ...(change.others ?? [])] : [];
}

/** What is done beside a change of the template, under the same key. */
interface Renewal {
  /** Pods that are not ready and would keep the former template are evicted, since nothing else replaces them. */
  readonly evictsFailing?: boolean;
}

/** A run that is there already, and goes on where it failed. */
export interface RunRef {
  /** As its system names it. */
  readonly name: string;
  /** How often it was tried before; at another number somebody else has tried it since. */
  readonly tries: number;
  /** Epoch milliseconds, when it had ended; where tries are not counted, another end tells that it was tried since. */
  readonly endedMs?: number | null;
}

/** A run that is made of the target's template, so that what it does is done once more; null in a change: there is none. */
export interface MadeRun {
  readonly name: string;
  /** What it asks for otherwise than the template, by container. */
  readonly memory: Readonly<Record<string, ContainerMemory>>;
}

/** A change of the target object itself; the others change what it owns or what stands beside it. */
export type OwnChange = Extract<Change, { readonly kind: 'podTemplate' | 'memory' | 'modelVersion' }>;

/** A change that leaves the target and its pods as they are. */
export type BesideChange = Extract<Change, { readonly kind: 'promotions' | 'training' }>;

export function isBeside(change: Change): change is BesideChange {
  return change.kind === 'promotions' || change.kind === 'training';
}

/** The change that restores what was; null where nothing can: a pod that was evicted is gone, a run that went on has gone on, and a training that began has cost what it costs. */
export function inverse(change: Change): Change | null {
  return change.kind === 'pod' || change.kind === 'training' || change.kind === 'sameRun'
    ? null
    : ({ ...change, from: change.to, to: change.from } as Change);
}

/** Before and after, as people read them. */
export function changeText(change: Change): { readonly before: string; readonly after: string } {
  switch (change.kind) {
    case 'podTemplate':
      return { before: releaseText(change.from), after: `${releaseText(change.to)}${renewalText(change)}` };
    case 'memory':
      return {
        before: memoryText(change.container, change.from),
        after: `${memoryText(change.container, change.to)}${renewalText(change)}`,
      };
    case 'modelVersion':
      return { before: versionText(change.model, change.from), after: versionText(change.model, change.to) };
    case 'furtherRun':
      return { before: runText(change.from), after: runText(change.to) };
    case 'sameRun':
      return { before: `run ${change.run.name} failed`, after: `the failed steps of run ${change.run.name} again` };
    case 'schedule':
      return { before: `schedule ${change.from}`, after: `schedule ${change.to}` };
    case 'node':
      return { before: nodeUseText(change, change.from), after: nodeUseText(change, change.to) };
    case 'replicas':
      return { before: boundText(change.scaler, change.from), after: boundText(change.scaler, change.to) };
    case 'networkPolicy':
      return { before: policyText(change.name, change.from), after: policyText(change.name, change.to) };
    case 'promotions':
      return { before: promotionsText(change.model, change.from), after: promotionsText(change.model, change.to) };
    case 'training':
      return { before: 'no training under way', after: `a Job made from the template of CronJob ${change.cronJob}` };
    case 'pod':
      return change.others
        ? {
            before: `pods ${podsOf(change)
              .map(({ name }) => name)
              .join(', ')} failing`,
            after: 'new pods made by their controller',
          }
        : { before: `pod ${change.name} failing`, after: 'a new pod made by its controller' };
    default:
      return change satisfies never;
  }
}

function releaseText({ revision, images }: Release): string {
  return `revision ${revision} (${images.join(', ')})`;
}

function renewalText({ evictsFailing }: Renewal): string {
  return evictsFailing ? ', its failing pods made anew' : '';
}

function memoryText(container: string, { limit, request }: ContainerMemory): string {
  return `${container} with limit ${limit ?? 'none'}${request === null ? '' : `, request ${request}`}`;
}

function runText(run: MadeRun | null): string {
  if (run === null) return 'no further run';
  const memory = Object.entries(run.memory).map(([container, asked]) => memoryText(container, asked));
  return `run ${run.name}${memory.length === 0 ? '' : ` (${memory.join('; ')})`}`;
}

function boundText({ kind, name, bound }: ScalerRef, pods: number): string {
  return `${kind} ${name} with ${bound === 'fixed' ? '' : 'at most '}${pods} pods`;
}

function policyText(name: string, policy: SavedPolicy | null): string {
  return `${policy === null ? 'no ' : ''}NetworkPolicy ${name}`;
}

function promotionsText(model: string, freeze: string | null): string {
  return freeze === null ? `promotions of ${model} free` : `promotions of ${model} frozen (${freeze})`;
}

function versionText(model: string, { version, address }: ServedVersion): string {
  return `${model} ${version === null ? 'of an unregistered version' : `version ${version}`} (${address})`;
}
