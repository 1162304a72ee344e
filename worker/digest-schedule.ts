import { type Client, ScheduleAlreadyRunning, ScheduleNotFoundError, type ScheduleOptions } from '@temporalio/client';
import type { DigestInput } from '../workflows/messages.ts';
import { ALL_CLUSTERS_QUEUE } from './settings.ts';

const PREFIX = 'report-digest/';
/** Where Temporal was away when one was due, it is made up for within this. */
const MADE_UP_FOR = '3 days';

/** When digests are posted. */
export interface DigestTimes {
  readonly every: 'day' | 'week';
  readonly hour: number;
  readonly minute: number;
  /** IANA's name of the time zone. */
  readonly zone: string;
}

/** What is scheduled for a channel. */
export interface DigestScheduled extends Pick<DigestInput, 'channel'> {
  /** ISO 8601; null where none is to come, such as while somebody has paused it. */
  readonly next: string | null;
}

/** A channel has one digest, by a schedule whose id says which channel: whoever sets it again changes it. */
export function digestSchedules({ schedule }: Pick<Client, 'schedule'>) {
  return {
    async set(input: Omit<DigestInput, 'days'>, times: DigestTimes): Promise<'made' | 'changed'> {
      const options = optionsOf(input, times);
      try {
        await schedule.create(options);
        return 'made';
      } catch (error) {
        if (!(error instanceof ScheduleAlreadyRunning)) throw error;
      }
      await schedule.getHandle(options.scheduleId).update(({ state }) => ({ ...options, state }));
      return 'changed';
    },

    /** @returns false where there was none */
    async end(channel: string): Promise<boolean> {
      try {
        await schedule.getHandle(`${PREFIX}${channel}`).delete();
        return true;
      } catch (error) {
        if (error instanceof ScheduleNotFoundError) return false;
        throw error;
      }
    },

    async list(): Promise<readonly DigestScheduled[]> {
      const found: DigestScheduled[] = [];
      for await (const { scheduleId, info } of schedule.list())
        if (scheduleId.startsWith(PREFIX))
          found.push({ channel: scheduleId.slice(PREFIX.length), next: info?.nextActionTimes?.[0]?.toISOString() ?? null });
      return found.sort((one, other) => (one.channel < other.channel ? -1 : 1));
    },
  };
}

/** How one digest is begun. */
export function digestStart(input: DigestInput) {
  return {
    workflowType: 'reportDigest',
    taskQueue: ALL_CLUSTERS_QUEUE,
    args: [input] as [DigestInput],
    staticSummary: `How ${input.days === 1 ? 'the last day' : `the last ${input.days} days`} went, for the channel ${input.channel}`,
  };
}

function optionsOf(input: Omit<DigestInput, 'days'>, { every, hour, minute, zone }: DigestTimes): ScheduleOptions {
  const days = every === 'week' ? 7 : 1;
  return {
    scheduleId: `${PREFIX}${input.channel}`,
    spec: {
      calendars: [{ hour, minute, ...(every === 'week' ? { dayOfWeek: 'MONDAY' as const } : {}), comment: `Every ${every}` }],
      timezone: zone,
    },
    action: { type: 'startWorkflow', workflowId: `${PREFIX}${input.channel}`, ...digestStart({ ...input, days }) },
    policies: { overlap: 'SKIP', catchupWindow: MADE_UP_FOR },
  };
}
