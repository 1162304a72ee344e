import { setTimeout as pause } from 'node:timers/promises';
import { registerVersion } from '../../../sandbox/seed-models.ts';
import { until } from '../../until.ts';
import { failingChecks, isReady, READABLE_KINDS } from './checks.ts';
import type { Address, Objects } from './objects.ts';
import type { Manifest, Step } from './schema.ts';
import { filled, type Variables } from './variables.ts';

/** Where steps are done. */
export interface Ground {
  readonly namespace: string;
  readonly objects: Objects;
  readonly mlflowUrl: string;
  readonly variables: Variables;
  /** What was created outside the namespace, and must be taken away in the end. */
  readonly leftovers: Address[];
}

const SETUP_MS_MAX = 120_000;
/** What a set-up creates is ready only later in these kinds. */
const WORKLOADS = ['Deployment', 'StatefulSet', 'DaemonSet', 'InferenceService', 'Pod', 'Node'];

/**
 * Does the steps of a field in their order.
 * @throws when one cannot be done; the error names it
 */
export async function inject(field: 'setup' | 'fault', steps: readonly Step[], ground: Ground): Promise<void> {
  for (const [index, step] of steps.entries()) {
    try {
      await take(filled(step, ground.variables), ground);
    } catch (error) {
      throw new Error(`${field}.${index}.${Object.keys(step).join()} cannot be done: ${(error as Error).message}`, { cause: error });
    }
  }
}

/** Waits until every workload that the set-up created is ready. */
export async function untilSettled(setup: readonly Step[], { objects, variables }: Ground): Promise<void> {
  for (const { create } of setup) {
    if (!create || !WORKLOADS.includes(create.kind) || !READABLE_KINDS.includes(create.kind)) continue;
    const at = { kind: create.kind, name: filled(create.metadata.name ?? '', variables) };
    if (create.kind === 'Deployment' && (create as { spec?: { replicas?: number } }).spec?.replicas === 0) continue;
    await until(`${at.kind} ${at.name} is ready`, () => isReady(at, objects), 300, SETUP_MS_MAX);
  }
}

async function take(step: Step, ground: Ground): Promise<void> {
  const { objects, mlflowUrl } = ground;
  if (step.create) return create(step.create, ground);
  if (step.patch) return objects.patch(step.patch, step.patch.merge, step.patch.subresource);
  if (step.delete) return objects.remove(step.delete);
  if (step.patchPods) return patchPods(step.patchPods, objects);
  if (step.waitSeconds !== undefined) return pause(step.waitSeconds * 1000);
  if (step.until) {
    const check = step.until;
    return until(
      `${JSON.stringify(check)} holds`,
      async () => (await failingChecks([check], { objects, mlflowUrl, specs: new Map() })).length === 0,
      300,
    );
  }
  if (step.mlflow) return register(step.mlflow.registerVersion, ground);
}

async function create(manifest: Manifest, { objects, namespace, leftovers }: Ground): Promise<void> {
  const { apiVersion, kind, metadata } = await objects.create(manifest);
  if (metadata.namespace !== namespace) leftovers.push({ apiVersion, kind, name: metadata.name, namespace: metadata.namespace });
}

async function patchPods({ selector, count, merge }: NonNullable<Step['patchPods']>, objects: Objects): Promise<void> {
  const all = await objects.list('v1', 'Pod', selector);
  const pods = all.filter(({ metadata }) => !metadata.deletionTimestamp).slice(0, count);
  if (pods.length < (count ?? 1)) throw new Error(`${pods.length} pods have the labels ${selector}; ${count ?? 1} were to be patched.`);
  for (const { metadata } of pods) await objects.patch({ apiVersion: 'v1', kind: 'Pod', name: metadata.name }, merge);
}

/** In the registry models are all beside each other, so a scenario's own carries its namespace. */
async function register(
  { model, as, broken, missing, proven = !(broken || missing), quarantined, serving }: NonNullable<Step['mlflow']>['registerVersion'],
  { mlflowUrl, namespace, variables }: Ground,
): Promise<void> {
  const name = `${model}-${namespace}`;
  const ending = broken ? '-broken' : missing ? '-missing' : '';
  const registered = await registerVersion(mlflowUrl, name, { ending, proven, quarantined, serving });
  for (const [field, value] of Object.entries(registered)) variables.set(`${as}.${field}`, value);
}
