import { z } from 'zod';
import type { MadeRun, RunRef } from '../../incident/change.ts';
import type { Target } from '../../incident/target.ts';
import { answered, type ClearmlCall } from '../clearml-call.ts';
import type { ApplyOptions, PipelineClient } from '../cluster.ts';
import { Refused, TargetChanged, TargetGone } from '../failures.ts';
import type { Failure } from '../http/system-call.ts';
import { endedMs, stateOf } from './clearml-seen.ts';
import type { ClearmlTasks } from './clearml-tasks.ts';
import { ACT_TAG, RUN_TAG, type Task, taggedWith } from './clearml-types.ts';

const RUN = 'the right to run tasks';
const ALREADY_QUEUED = '706';
/** Subcodes by which ClearML says that a task stands otherwise than the action needs: somebody was faster. */
const STATUS_CHANGED = ['110', '111', '112', '113', '121'];

const Cloned = z.object({ id: z.string() });

/**
 * Does once more what failed: a task is put into its queue again, where its log goes on; a pipeline is cloned, since what it did is kept by
 * its steps. It never resets a task, which would take away its log and its models.
 */
export function clearmlRetries(call: ClearmlCall, tasks: ClearmlTasks): PipelineClient['retry'] {
  const enqueue = async (id: string, queue: string, key: string) => {
    const asked = { task: id, queue, status_reason: reasonOf(key), verify_watched_queue: false };
    const answer = await call('tasks.enqueue', asked, { needs: RUN, expects: (failure) => isAlreadyQueued(failure) || hasMoved(failure) });
    if (answer.kind === 'failed' && hasMoved(answer))
      throw new TargetChanged(`ClearML's task ${id} was retried or changed meanwhile: ${answer.message}`);
  };

  async function again({ name }: Target, run: RunRef, { key, dryRun, beforeWrite }: ApplyOptions): Promise<'applied' | 'alreadyApplied'> {
    const task = await taskOf(tasks, name);
    if (task.status_reason === reasonOf(key)) return 'alreadyApplied';
    if (stateOf(task) !== 'failed') throw new TargetChanged(`ClearML's task ${name} is ${task.status}: somebody has retried it meanwhile.`);
    if (run.endedMs !== undefined && run.endedMs !== endedMs(task))
      throw new TargetChanged(`ClearML's task ${name} has failed anew since it was looked at.`);
    const queue = queueOf(task);
    await beforeWrite?.();
    if (!dryRun) await enqueue(task.id, queue, key);
    return 'applied';
  }

  async function make({ name }: Target, run: MadeRun, { key, dryRun, beforeWrite }: ApplyOptions): Promise<'applied' | 'alreadyApplied'> {
    const task = await taskOf(tasks, name);
    if (Object.keys(run.memory).length > 0)
      throw new Refused(`Cannot give task ${name} more memory: in ClearML what runs a queue decides how much its tasks have.`);
    const retries = await tasks.retriesOf(name);
    const made = retries.find((one) => taggedWith(one, RUN_TAG) === run.name);
    if (made && taggedWith(made, ACT_TAG) !== key) throw new TargetChanged(`A run ${run.name} is there already, made by somebody else.`);
    // Cloned, and not yet put into the queue: whoever made it was stopped in between.
    if (made && made.status !== 'created') return 'alreadyApplied';
    const newest = retries.find((one) => one !== made) ?? task;
    if (stateOf(newest) !== 'failed')
      throw new TargetChanged(`ClearML's task ${newest.id} is ${newest.status}: it has not failed any more.`);
    const queue = queueOf(task);
    await beforeWrite?.();
    if (!dryRun) await enqueue(made?.id ?? (await clone(task, run, key)), queue, key);
    return 'applied';
  }

  async function clone(task: Task, { name }: MadeRun, key: string): Promise<string> {
    const copy = { new_task_name: `${task.name ?? task.id} (${name})`, new_task_parent: task.id };
    const tags = [...task.tags, `${RUN_TAG}${name}`, `${ACT_TAG}${key}`];
    const answer = await call('tasks.clone', { task: task.id, ...copy, new_task_tags: tags }, { needs: RUN });
    return answered(Cloned, answer, `ClearML's answer about a clone of task ${task.id}`).id;
  }

  async function takeBack(
    { name }: Target,
    run: MadeRun,
    { key, dryRun, beforeWrite }: ApplyOptions,
  ): Promise<'applied' | 'alreadyApplied'> {
    const made = (await tasks.retriesOf(name)).find((one) => taggedWith(one, RUN_TAG) === run.name);
    if (made === undefined) return 'alreadyApplied';
    if (taggedWith(made, ACT_TAG) !== key.replace(/\/undo$/, '')) throw new TargetChanged(`Run ${run.name} was made by somebody else.`);
    if (stateOf(made) === 'failed' || stateOf(made) === 'completed')
      throw new TargetChanged(`Run ${run.name} has ended, and is kept with its log.`);
    await beforeWrite?.();
    if (dryRun) return 'applied';
    if (made.status === 'in_progress') await call('tasks.stop', { task: made.id, status_reason: reasonOf(key) }, { needs: RUN });
    // What is queued is taken out of its queue by it, too.
    await call('tasks.archive_many', { ids: [made.id] }, { needs: RUN });
    return 'applied';
  }

  return async (target, change, bound, options) => {
    if (target.name !== bound.uid) throw new TargetChanged(`The plan was made for task ${bound.uid}, and not for ${target.name}.`);
    if (change.kind === 'sameRun') return again(target, change.run, options);
    if (change.to !== null) return make(target, change.to, options);
    return change.from === null ? 'alreadyApplied' : takeBack(target, change.from, options);
  };
}

async function taskOf(tasks: ClearmlTasks, name: string): Promise<Task> {
  const task = await tasks.get(name);
  if (task === null) throw new TargetGone(`ClearML has no task ${name}.`);
  return task;
}

/** @throws Refused where it was run by hand; a queue that is merely named would be made. */
function queueOf({ id, execution }: Task): string {
  if (execution?.queue) return execution.queue;
  throw new Refused(`Cannot run ClearML's task ${id} once more: it was never in a queue, so that nothing but whoever started it can.`);
}

function reasonOf(key: string): string {
  return `Paramedic: ${key}`;
}

function isAlreadyQueued({ status, code }: Failure): boolean {
  return status === 400 && code === ALREADY_QUEUED;
}

function hasMoved({ status, code }: Failure): boolean {
  return status === 400 && STATUS_CHANGED.includes(code);
}
