import type { PipelineEvidence } from '../../incident/pipeline.ts';
import { targetText } from '../../incident/target.ts';
import type { ApplyOptions, Named, RetryChange, ScheduleChange } from '../cluster.ts';
import { Refused, TargetChanged, TargetGone } from '../failures.ts';
import type { OutsideClient } from '../outside.ts';
import { type KubeflowAccess, type KubeflowCall, kubeflowCall } from './kubeflow-call.ts';
import { type KubeflowReader, kubeflowReader } from './kubeflow-read.ts';
import { type Pace, runRetrier } from './kubeflow-retry.ts';
import { cloneOf, OPT_OUT, type Run, runOf, scheduleOf } from './kubeflow-seen.ts';

const PACE: Pace = { patienceMs: 15_000, lookEveryMs: 2_000 };
const SYSTEM = { is: 'pipeline', namespace: 'kubeflow-pipelines' } as const;
/** The API counts no changes of either: what must not have changed is compared by itself. */
const GENERATION = 1;

/** The runs of Kubeflow Pipelines, and the recurring runs that make them. */
export function kubeflowPipelines(
  access: KubeflowAccess,
  pace: Pace = PACE,
): { readonly runs: OutsideClient; readonly recurringRuns: OutsideClient } {
  const call = kubeflowCall(access);
  const read = kubeflowReader(call);
  const goOn = runRetrier(call, read, pace);
  const retry = async ({ name }: { readonly name: string }, change: RetryChange, options: ApplyOptions) => {
    if (change.kind === 'sameRun') return goOn(change.run, options);
    throw new Refused(`A pipeline run that failed goes on; no other is made beside ${name} as it is.`);
  };
  return {
    runs: {
      ...SYSTEM,
      topmost: (name) => topmostOf(read, name),
      optOut: async ({ name }) => optOutIn((await read.run(name))?.description),
      observe: async (target) => {
        const run = await read.run(target.name);
        if (run === null) throw new TargetGone(`${targetText(target)} does not exist.`);
        const runs = [run, ...(await read.clones(run.experiment_id, run.run_id))];
        return { ...evidence(runs), kind: 'KubeflowRun', uid: run.run_id, name: target.name, schedule: null };
      },
      retry: (target, change, _bound, options) => retry(target, change, options),
      async pause({ name }) {
        throw new Refused(`A pipeline run has no schedule; that of ${name} cannot be set.`);
      },
    },
    recurringRuns: recurring(call, read, retry),
  };
}

function recurring(
  call: KubeflowCall,
  read: KubeflowReader,
  retry: (target: { readonly name: string }, change: RetryChange, options: ApplyOptions) => Promise<'applied' | 'alreadyApplied'>,
): OutsideClient {
  /** The API has no place for a mark, so that who disabled it is known only as long as this process lives; after that it counts as a person. */
  const disabledBy = new Map<string, string>();

  async function pause(id: string, { to }: ScheduleChange, { key, dryRun, beforeWrite }: ApplyOptions) {
    const found = await read.recurringRun(id);
    if (found === null) throw new TargetGone(`Recurring run ${id} does not exist.`);
    const isDisabled = found.status === 'DISABLED';
    if (isDisabled === (to === 'suspended')) {
      if (to === 'active' || disabledBy.get(id) === key) return 'alreadyApplied';
      throw new TargetChanged(`Recurring run ${id} is disabled already, by somebody else.`);
    }
    if (to === 'active' && !disabledBy.has(id)) throw new TargetChanged(`Recurring run ${id} was disabled by somebody else.`);
    if (dryRun) return 'applied';
    await beforeWrite?.();
    const verb = to === 'suspended' ? 'disable' : 'enable';
    await call({
      method: 'POST',
      path: `recurringruns/${encodeURIComponent(id)}:${verb}`,
      needs: `${verb} on recurringruns (jobs) of pipelines.kubeflow.org`,
    });
    if (to === 'suspended') disabledBy.set(id, key);
    else disabledBy.delete(id);
    return 'applied';
  }

  return {
    ...SYSTEM,
    topmost: async (name) => ((await read.recurringRun(name)) === null ? null : { kind: 'KubeflowRecurringRun', name }),
    optOut: async ({ name }) => optOutIn((await read.recurringRun(name))?.description),
    async observe(target) {
      const found = await read.recurringRun(target.name);
      if (found === null) throw new TargetGone(`${targetText(target)} does not exist.`);
      const own = await read.runs(found.experiment_id, { operation: 'EQUALS', key: 'recurring_run_id', string_value: target.name });
      const [newest] = own;
      // What did its newest run once more is a run of it, too, though the API does not say so.
      const clones = newest ? await read.clones(found.experiment_id, newest.run_id) : [];
      const by = found.status !== 'DISABLED' ? null : disabledBy.has(target.name) ? 'paramedic' : 'person';
      return {
        ...evidence([...own, ...clones]),
        kind: 'KubeflowRecurringRun',
        uid: target.name,
        name: target.name,
        schedule: scheduleOf(found, by, own),
      };
    },
    retry: (target, change, _bound, options) => retry(target, change, options),
    pause: ({ name }, change, _bound, options) => pause(name, change, options),
  };
}

/** What both kinds have of their runs, newest first. */
function evidence(runs: readonly Run[]): Omit<PipelineEvidence, 'kind' | 'uid' | 'name' | 'schedule'> {
  const newestFirst = runs.map(runOf).toSorted((a, b) => b.createdMs - a.createdMs);
  return {
    generation: GENERATION,
    readAtMs: Date.now(),
    controller: null,
    runs: newestFirst,
    pods: [],
    memory: {},
    retriedBy: 'sameRun',
  };
}

/** A run that does another once more is that one's matter, and what a recurring run made is the recurring run's. */
async function topmostOf(read: KubeflowReader, id: string): Promise<Named | null> {
  const named = await read.run(id);
  const first = named && cloneOf(named);
  const run = first ? ((await read.run(first.of)) ?? named) : named;
  if (run === null) return null;
  const recurringId = run.recurring_run_id;
  if (recurringId && (await read.recurringRun(recurringId)) !== null) return { kind: 'KubeflowRecurringRun', name: recurringId };
  return { kind: 'KubeflowRun', name: run.run_id };
}

function optOutIn(description: string | undefined): string | null {
  return description?.includes(OPT_OUT) ? `its description says ${OPT_OUT}` : null;
}
