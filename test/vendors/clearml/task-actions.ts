import { type ActionReply, type Actions, type ClearmlDouble, type ClearmlTask, type Fields, page } from './double.ts';

/** The only queue there is. */
const QUEUE = 'queue-1';
const MOMENT = '2026-01-01T13:00:00+00:00';

/** The services `tasks` and `events`, as far as they are used. */
export function taskActions({ tasks, logs }: Pick<ClearmlDouble, 'tasks' | 'logs'>): Actions {
  const withTask = (id: string, then: (task: ClearmlTask) => ActionReply): ActionReply => {
    const task = tasks.find((one) => one.id === id);
    return task ? then(task) : { error: [400, 101, `invalid task id: id=${id}`] };
  };
  const move = (task: ClearmlTask, status: string, reason: string): ActionReply => {
    Object.assign(task, { status, status_reason: reason, status_changed: MOMENT });
    return { data: { updated: 1, fields: { status } } };
  };
  return {
    'tasks.get_by_id': ({ task: id }) => withTask(id, (task) => ({ data: { task } })),
    'tasks.get_all': (asked) => ({
      data: {
        tasks: page(
          tasks.filter(({ parent }) => parent === asked.parent),
          asked,
        ),
      },
    }),
    'tasks.enqueue': (asked) => withTask(asked.task, (task) => enqueue(task, asked)),
    'tasks.clone': (asked) =>
      withTask(asked.task, (task) => {
        const id = `${task.id}-clone-${tasks.length}`;
        const started = {
          started: null,
          status: 'created',
          status_reason: '',
          status_message: '',
          created: MOMENT,
          status_changed: MOMENT,
        };
        tasks.push({ ...task, ...started, id, name: asked.new_task_name, parent: asked.new_task_parent, tags: asked.new_task_tags });
        return { data: { id } };
      }),
    'tasks.stop': ({ task: id, status_reason }) => withTask(id, (task) => move(task, 'stopped', status_reason)),
    'tasks.archive_many': ({ ids }) => {
      for (const task of tasks.filter(({ id }) => ids.includes(id))) {
        task.system_tags = [...task.system_tags, 'archived'];
        if (task.status === 'queued') task.status = 'created';
      }
      return { data: { succeeded: ids.map((id: string) => ({ id, archived: true })), failed: [] } };
    },
    'events.get_task_log': ({ task, batch_size }) => {
      const events = (logs.get(task) ?? []).map((msg, index) => ({
        type: 'log',
        task,
        worker: 'w-1',
        level: 'info',
        timestamp: index,
        msg,
      }));
      const newest = events.toReversed().slice(0, batch_size);
      return { data: { events: newest, returned: newest.length, total: events.length } };
    },
  };

  function enqueue(task: ClearmlTask, { queue, status_reason }: Fields): ActionReply {
    if (queue !== QUEUE) return { error: [400, 701, 'invalid queue id'] };
    if (task.status === 'queued') return { error: [400, 706, 'failed adding task to queue since task is already queued'] };
    if (!['created', 'stopped', 'failed'].includes(task.status)) return { error: [400, 110, `invalid task status: status=${task.status}`] };
    move(task, 'queued', status_reason);
    return { data: { queued: 1, updated: 1, fields: { status: 'queued' } } };
  }
}
