import { z } from 'zod';
import type { PipelineEvidence } from '../../incident/pipeline.ts';
import { redact } from '../../incident/redact.ts';
import type { Target } from '../../incident/target.ts';
import { answered, type ClearmlAccess, type ClearmlCall, clearmlCall } from '../clearml-call.ts';
import { Refused, TargetGone } from '../failures.ts';
import type { Failure } from '../http/system-call.ts';
import type { OutsideClient } from '../outside.ts';
import { clearmlRetries } from './clearml-retry.ts';
import { taskRun } from './clearml-seen.ts';
import { HANDS_OFF_TAG, isPipeline, RUN_TAG, TASK_FIELDS, Task, taggedWith } from './clearml-types.ts';

const RUNS_MAX = 10;
const LOG_LINES = 30;
/** Of a log the end counts: a traceback ends with what went wrong. */
const SAID_CHARACTERS_MAX = 600;
const INVALID_TASK_ID = '101';

const READ = 'the right to read tasks';

const Found = z.object({ task: Task });
const Tasks = z.object({ tasks: z.array(Task) });
const Log = z.object({ events: z.array(z.object({ msg: z.string().nullish() })).nullish() });

/** Reads tasks of ClearML. */
export interface ClearmlTasks {
  /** Null where there is none of this id. */
  get(id: string): Promise<Task | null>;
  /** The retries that Paramedic made of it, newest first. */
  retriesOf(id: string): Promise<readonly Task[]>;
}

/** Tasks and pipelines of ClearML. A target's name is the task's id. */
export function clearmlTaskClient(access: ClearmlAccess): Extract<OutsideClient, { readonly is: 'pipeline' }> {
  const call = clearmlCall(access);
  const tasks = taskReader(call);
  const known = async ({ name }: Pick<Target, 'name'>): Promise<Task> => {
    const task = await tasks.get(name);
    if (task === null) throw new TargetGone(`ClearML has no task ${name}.`);
    return task;
  };

  return {
    is: 'pipeline',
    namespace: 'clearml',

    async topmost(name) {
      const task = await tasks.get(name);
      if (task === null) return null;
      const isRetry = taggedWith(task, RUN_TAG) !== null;
      const controller = await controllerOf(tasks, task);
      return { kind: 'ClearmlTask', name: (isRetry ? task.parent : controller?.id) ?? task.id };
    },

    async optOut(target) {
      return (await known(target)).tags.includes(HANDS_OFF_TAG) ? `tag ${HANDS_OFF_TAG}` : null;
    },

    async observe(target): Promise<PipelineEvidence> {
      const task = await known(target);
      const [controller, retries] = await Promise.all([controllerOf(tasks, task), tasks.retriesOf(task.id)]);
      const all = [...retries, task];
      const said = all[0]?.status === 'failed' ? await lastWords(call, all[0].id) : null;
      return {
        kind: 'ClearmlTask',
        uid: task.id,
        generation: 1,
        name: task.id,
        readAtMs: Date.now(),
        controller: controller === null ? null : `Pipeline/${controller.id}`,
        schedule: null,
        runs: all.map((one, index) => taskRun(one, index === 0 ? said : null)),
        pods: [],
        memory: {},
        retriedBy: isPipeline(task) ? 'furtherRun' : 'sameRun',
      };
    },

    retry: clearmlRetries(call, tasks),

    async pause({ name }) {
      throw new Refused(
        `ClearML keeps no schedule of task ${name}: what starts it, such as a TaskScheduler, must be stopped by its owner.`,
      );
    },
  };
}

function taskReader(call: ClearmlCall): ClearmlTasks {
  return {
    async get(id) {
      const answer = await call('tasks.get_by_id', { task: id }, { needs: READ, expects: isUnknownTask });
      return answer.kind === 'failed' ? null : answered(Found, answer, `ClearML's answer about task ${id}`).task;
    },
    async retriesOf(id) {
      const asked = {
        parent: id,
        system_tags: ['-archived'],
        only_fields: TASK_FIELDS,
        order_by: ['-created'],
        page: 0,
        page_size: RUNS_MAX,
        // ClearML hides pipelines from searches.
        search_hidden: true,
      };
      const answer = await call('tasks.get_all', asked, { needs: READ });
      const { tasks } = answered(Tasks, answer, `ClearML's list of the retries of task ${id}`);
      return tasks.filter((task) => taggedWith(task, RUN_TAG) !== null);
    },
  };
}

/** The pipeline that it is a step of; null where it is none's. */
async function controllerOf(tasks: ClearmlTasks, { parent }: Task): Promise<Task | null> {
  const above = parent ? await tasks.get(parent) : null;
  return above !== null && isPipeline(above) ? above : null;
}

/** The end of its log, with secrets struck out; null where it left none or it cannot be read: nothing else is known of it then. */
async function lastWords(call: ClearmlCall, id: string): Promise<string | null> {
  try {
    const answer = await call('events.get_task_log', { task: id, order: 'desc', batch_size: LOG_LINES }, { needs: READ });
    const lines = (answered(Log, answer, `ClearML's log of task ${id}`).events ?? []).map(({ msg }) => msg ?? '').reverse();
    const text = redact(lines.join('\n'), Number.MAX_SAFE_INTEGER);
    return text.slice(-SAID_CHARACTERS_MAX).trim() || null;
  } catch {
    return null;
  }
}

function isUnknownTask({ status, code }: Failure): boolean {
  return status === 400 && code === INVALID_TASK_ID;
}
