import { z } from 'zod';

const words = z
  .array(z.string())
  .nullish()
  .transform((tags) => tags ?? []);

/** A task, as far as it is looked at. */
export const Task = z.object({
  id: z.string(),
  name: z.string().nullish(),
  type: z.string().nullish(),
  status: z.string(),
  status_reason: z.string().nullish(),
  status_message: z.string().nullish(),
  created: z.string().nullish(),
  started: z.string().nullish(),
  completed: z.string().nullish(),
  /** When its status last changed. */
  status_changed: z.string().nullish(),
  parent: z.string().nullish(),
  tags: words,
  system_tags: words,
  execution: z.object({ queue: z.string().nullish() }).nullish(),
});

export type Task = z.infer<typeof Task>;

/** The same as names of fields, for those questions that let one choose. */
export const TASK_FIELDS = [...Object.keys(Task.shape).filter((field) => field !== 'execution'), 'execution.queue'];

/** On a task that was made by a retry: the name of the run that it is. */
export const RUN_TAG = 'paramedic-run:';
/** Beside it, the key of the act that made it. */
export const ACT_TAG = 'paramedic-act:';
/** On a task that Paramedic is to leave alone. */
export const HANDS_OFF_TAG = 'paramedic-hands-off';

/** What follows in the tag that begins so; null where there is none. */
export function taggedWith({ tags }: Pick<Task, 'tags'>, tag: string): string | null {
  return tags.find((one) => one.startsWith(tag))?.slice(tag.length) ?? null;
}

/** It starts other tasks as its steps. */
export function isPipeline({ type, system_tags }: Pick<Task, 'type' | 'system_tags'>): boolean {
  return type === 'controller' && system_tags.includes('pipeline');
}
