import type { PipelineRun, RunState } from '../../incident/pipeline.ts';
import { redact } from '../../incident/redact.ts';
import { RUN_TAG, type Task, taggedWith } from './clearml-types.ts';

const REASON_CHARACTERS_MAX = 300;

/** A draft is to be started by a person; what was aborted was ended by one, or by the time or the memory that it was given. */
const STATES: Readonly<Record<string, RunState>> = {
  created: 'suspended',
  queued: 'running',
  in_progress: 'running',
  stopped: 'stopped',
  failed: 'failed',
  completed: 'completed',
  closed: 'completed',
  publishing: 'completed',
  published: 'completed',
};

/**
 * A task as a run.
 * @param said the end of its log; null where it is not known
 * @throws where ClearML tells of a state that it did not have
 */
export function taskRun(task: Task, said: string | null): PipelineRun {
  const state = stateOf(task);
  const message = said ?? (task.status_message ? redact(task.status_message, REASON_CHARACTERS_MAX) : null);
  return {
    name: taggedWith(task, RUN_TAG) ?? task.id,
    uid: task.id,
    state,
    reason: task.status_reason ? redact(task.status_reason, REASON_CHARACTERS_MAX) : null,
    message,
    active: task.status === 'in_progress' ? 1 : 0,
    succeeded: 0,
    failed: 0,
    createdMs: msOf(task.created) ?? 0,
    startedMs: msOf(task.started),
    endedMs: endedMs(task),
    isRetry: taggedWith(task, RUN_TAG) !== null,
    tries: 1,
    outOfMemory: false,
    memory: {},
  };
}

export function stateOf({ id, status }: Pick<Task, 'id' | 'status'>): RunState {
  const state = STATES[status];
  if (state === undefined) throw new Error(`Cannot tell how ClearML's task ${id} stands: its status ${status} is not known here.`);
  return state;
}

/** Epoch milliseconds, when it completed or failed; null while it has not. It changes with each time that it ends. */
export function endedMs(task: Task): number | null {
  const state = stateOf(task);
  return state === 'completed' || state === 'failed' ? (msOf(task.status_changed) ?? msOf(task.completed)) : null;
}

/** ClearML writes times in UTC, now and then without saying so. */
function msOf(time: string | null | undefined): number | null {
  if (!time) return null;
  const ms = Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(time) ? time : `${time}Z`);
  return Number.isNaN(ms) ? null : ms;
}
