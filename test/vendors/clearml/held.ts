import type { ClearmlModel, ClearmlTask } from './double.ts';

/** A model of the name `fraud`, made on the day of January 2026 that its number says. */
export const model = (day: number, change: Partial<ClearmlModel> = {}): ClearmlModel => ({
  id: `m${day}`,
  name: 'fraud',
  uri: `s3://models/fraud/${day}/model.pkl`,
  project: 'p1',
  created: `2026-01-0${day}T12:00:00.000000+00:00`,
  ready: true,
  tags: [],
  system_tags: [],
  metadata: {},
  ...change,
});

/** A task that was put into the queue `queue-1`, and failed. */
export const task = (id: string, change: Partial<ClearmlTask> = {}): ClearmlTask => ({
  id,
  name: 'train fraud',
  type: 'training',
  status: 'failed',
  status_reason: 'worker w-1 ended it',
  status_message: '',
  created: '2026-01-01T10:00:00.000000+00:00',
  started: '2026-01-01T10:01:00.000000+00:00',
  status_changed: '2026-01-01T12:00:00.000000+00:00',
  parent: null,
  tags: [],
  system_tags: [],
  execution: { queue: 'queue-1' },
  ...change,
});

/** A pipeline that failed. */
export const pipeline = (id: string, change: Partial<ClearmlTask> = {}): ClearmlTask =>
  task(id, { name: 'nightly fraud', type: 'controller', system_tags: ['pipeline'], ...change });
