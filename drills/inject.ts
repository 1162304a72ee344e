import type { Objects } from '../clients/kubernetes/any-objects.ts';
import { isReady, READABLE_KINDS } from './readiness.ts';
import type { Step } from './schema.ts';
import { filled, type Variables } from './variables.ts';

/** Where steps are done. */
export interface Ground<Check = unknown> {
  readonly objects: Objects;
  readonly variables: Variables;
  /** Those of some checks that do not hold, each as a sentence. */
  readonly failing: (checks: readonly Check[]) => Promise<readonly string[]>;
  readonly pause: (ms: number) => Promise<void>;
}

/** Raised when what a scenario waits for does not happen in time. */
export class DidNotHappen extends Error {}

const LOOK_EVERY_MS = 300;
const SETUP_MS_MAX = 120_000;
const UNTIL_MS_MAX = 120_000;
const SHOWS_MS_MAX = 40_000;
/** What a set-up creates is ready only later in these kinds. */
const WORKLOADS = ['Deployment', 'StatefulSet', 'DaemonSet', 'InferenceService', 'Pod', 'Node'];

/**
 * Does the steps of a field in their order.
 * @param from the first that is not done yet
 * @throws when one cannot be done; the error names it
 */
export async function inOrder<S extends object>(
  field: 'setup' | 'fault',
  steps: readonly S[],
  take: (step: S, index: number) => Promise<unknown>,
  from = 0,
): Promise<void> {
  for (const [index, step] of steps.entries()) {
    if (index < from) continue;
    try {
      await take(step, index);
    } catch (error) {
      // It stays what it is, so that whoever catches it can tell whether trying again may help.
      const failure = error as Error;
      failure.message = `${field}.${index}.${Object.keys(step).join()} cannot be done: ${failure.message}`;
      throw failure;
    }
  }
}

/** Waits until every workload that the set-up created is ready. */
export async function untilSettled(
  setup: readonly Pick<Step, 'create'>[],
  { objects, variables, pause }: Omit<Ground, 'failing'>,
  withinMs = SETUP_MS_MAX,
): Promise<void> {
  for (const { create } of setup) {
    if (!create || !WORKLOADS.includes(create.kind) || !READABLE_KINDS.includes(create.kind)) continue;
    const at = { kind: create.kind, name: filled(create.metadata.name ?? '', variables) };
    if (create.kind === 'Deployment' && (create as { spec?: { replicas?: number } }).spec?.replicas === 0) continue;
    await untilHolds(`${at.kind} ${at.name} is ready`, () => isReady(at, objects), pause, withinMs);
  }
}

/** Checks that hold while the fault is in force would call anything healed. */
export function untilItShows<Check>(checks: readonly Check[], { failing, pause }: Pick<Ground<Check>, 'failing' | 'pause'>): Promise<void> {
  const shows = async () => (await failing(checks)).length > 0;
  return untilHolds('a check fails because of the fault, so that they can tell whether it is cured', shows, pause, SHOWS_MS_MAX);
}

/** Does one step on objects of the cluster. */
export async function take<Check>(
  step: Omit<Step, 'until'> & { readonly until?: Check | undefined },
  ground: Ground<Check>,
): Promise<void> {
  const { objects, failing, pause } = ground;
  if (step.create) await objects.create(step.create);
  if (step.patch) await objects.patch(step.patch, step.patch.merge, step.patch.subresource);
  if (step.delete) await objects.remove(step.delete);
  if (step.patchPods) await patchPods(step.patchPods, objects);
  if (step.waitSeconds !== undefined) await pause(step.waitSeconds * 1000);
  if (step.until !== undefined) {
    const check = step.until;
    await untilHolds(`${JSON.stringify(check)} holds`, async () => (await failing([check])).length === 0, pause, UNTIL_MS_MAX);
  }
}

async function patchPods({ selector, count, merge }: NonNullable<Step['patchPods']>, objects: Objects): Promise<void> {
  const all = await objects.list('v1', 'Pod', selector);
  const pods = all.filter(({ metadata }) => !metadata.deletionTimestamp).slice(0, count);
  if (pods.length < (count ?? 1)) throw new Error(`${pods.length} pods have the labels ${selector}; ${count ?? 1} were to be patched.`);
  for (const { metadata } of pods) await objects.patch({ apiVersion: 'v1', kind: 'Pod', name: metadata.name }, merge);
}

/** @throws when it does not hold in time */
async function untilHolds(what: string, holds: () => Promise<boolean>, pause: Ground['pause'], msMax: number): Promise<void> {
  for (const endMs = Date.now() + msMax; !(await holds()); await pause(LOOK_EVERY_MS))
    if (Date.now() >= endMs) throw new DidNotHappen(`Within ${msMax / 1000} s it did not happen that ${what}.`);
}
