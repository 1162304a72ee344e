import { setTimeout as sleep } from 'node:timers/promises';
import type { RunRef } from '../../incident/change.ts';
import type { ApplyOptions } from '../cluster.ts';
import { TargetChanged } from '../failures.ts';
import type { KubeflowCall } from './kubeflow-call.ts';
import type { KubeflowReader } from './kubeflow-read.ts';
import { cloneName, endedMsOf, type Run, stateOf, triesOf } from './kubeflow-seen.ts';

/** How long a retry that was accepted is given to begin, in milliseconds, and how often it is looked at. */
export interface Pace {
  readonly patienceMs: number;
  readonly lookEveryMs: number;
}

const CREATE = 'create on runs of pipelines.kubeflow.org';
const RETRY = 'retry on runs of pipelines.kubeflow.org';

/** What the server says of a run that it cannot have go on: its nodes are kept elsewhere, left out, or of an earlier engine. */
const CANNOT_GO_ON = /cannot be retried|offload|omitted/i;

/**
 * Has a failed run go on where it failed. Some servers accept that and do nothing, and some cannot: then the run is done anew, by a run
 * whose one name is looked for before. The API keeps no key of who asked: a run that is not failed any more was retried.
 */
export function runRetrier(call: KubeflowCall, read: KubeflowReader, { patienceMs, lookEveryMs }: Pace) {
  const begins = async (id: string): Promise<boolean> => {
    for (const began = Date.now(); ; await sleep(lookEveryMs)) {
      const now = await read.run(id);
      if (now !== null && stateOf(now) !== 'failed') return true;
      if (Date.now() - began >= patienceMs) return false;
    }
  };

  async function clone(run: Run, name: string, key: string): Promise<void> {
    const { experiment_id, pipeline_version_reference, pipeline_spec, runtime_config, service_account } = run;
    await call({
      method: 'POST',
      path: 'runs',
      body: {
        display_name: name,
        description: `Made by Paramedic, since run ${run.run_id} failed and did not go on: ${key}`,
        ...(experiment_id ? { experiment_id } : {}),
        ...(pipeline_version_reference ? { pipeline_version_reference } : { pipeline_spec }),
        ...(runtime_config ? { runtime_config } : {}),
        ...(service_account ? { service_account } : {}),
      },
      needs: CREATE,
    });
  }

  return async (ref: RunRef, { key, dryRun, beforeWrite }: ApplyOptions): Promise<'applied' | 'alreadyApplied'> => {
    const run = await read.run(ref.name);
    if (run === null) throw new TargetChanged(`Pipeline run ${ref.name} does not exist any more.`);
    const state = stateOf(run);
    if (state === 'stopped' || state === 'suspended') throw new TargetChanged(`Pipeline run ${ref.name} was ${state} by somebody.`);
    const wasTried = triesOf(run) !== ref.tries || (ref.endedMs !== undefined && endedMsOf(run) !== ref.endedMs);
    if (state !== 'failed' || wasTried) return 'alreadyApplied';
    const name = cloneName(run);
    const named = async () => (await read.runs(run.experiment_id, { operation: 'EQUALS', key: 'display_name', string_value: name }))[0];
    const made = await named();
    if (made?.description.endsWith(key)) return 'alreadyApplied';
    if (made) throw new TargetChanged(`Pipeline run ${ref.name} was done once more by another act: ${made.run_id}.`);
    if (dryRun) return 'applied';
    await beforeWrite?.();
    const answer = await call({
      method: 'POST',
      path: `runs/${encodeURIComponent(ref.name)}:retry`,
      needs: RETRY,
      expects: ({ status, message }) => (status === 400 || status === 500) && CANNOT_GO_ON.test(message),
    });
    if (answer.kind === 'done' && (await begins(ref.name))) return 'applied';
    if ((await named()) !== undefined) return 'alreadyApplied';
    await clone(run, name, key);
    return 'applied';
  };
}
