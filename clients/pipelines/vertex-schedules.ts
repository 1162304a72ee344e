import type { Schedule } from '../../incident/pipeline.ts';
import type { ApplyOptions, ScheduleChange } from '../cluster.ts';
import { Refused, TargetChanged } from '../failures.ts';
import { isMissing } from '../google/failures.ts';
import { readAnswer } from '../http/read-answer.ts';
import type { Answer, SystemCall } from '../http/system-call.ts';
import { JobSchedule, scheduleOf } from './vertex-job-seen.ts';

/** The schedules that start pipeline jobs of Vertex AI. */
export function vertexSchedules(call: (call: SystemCall) => Promise<Answer>) {
  /**
   * A schedule has no place for who paused it: that is known as long as this process lives, by its moment, and after that it counts as a
   * person's.
   */
  const pausedByUs = new Map<string, { readonly key: string; readonly at: string }>();

  /** @param name as a job tells it; null where there is none of it any more */
  async function read(name: string): Promise<JobSchedule | null> {
    const answer = await call({ method: 'GET', path: name, needs: 'aiplatform.schedules.get', expects: isMissing });
    return answer.kind === 'failed' ? null : readAnswer(JobSchedule, answer.body, `Vertex AI's answer about ${name}`);
  }

  const isOurs = (name: string, { lastPauseTime }: JobSchedule) => pausedByUs.get(name)?.at === (lastPauseTime ?? '');

  async function write(name: string, verb: 'pause' | 'resume', key: string): Promise<void> {
    await call({ method: 'POST', path: `${name}:${verb}`, body: {}, needs: `aiplatform.schedules.${verb}` });
    if (verb === 'resume') pausedByUs.delete(name);
    else pausedByUs.set(name, { key, at: (await read(name))?.lastPauseTime ?? '' });
  }

  return {
    async observe(name: string): Promise<Schedule | null> {
      const schedule = name === '' ? null : await read(name);
      return schedule && scheduleOf(schedule, isOurs(name, schedule));
    },

    /** @param name empty where nothing starts the job but a person or a program */
    async set(name: string, { to }: ScheduleChange, { key, dryRun, beforeWrite }: ApplyOptions): Promise<'applied' | 'alreadyApplied'> {
      const schedule = name === '' ? null : await read(name);
      if (schedule === null || schedule.state === 'COMPLETED')
        throw new Refused('The pipeline job is started by no schedule of Vertex AI, so that there is none to pause or resume.');
      const isPaused = schedule.state === 'PAUSED';
      if (isPaused === (to === 'suspended')) {
        if (to === 'active' || (isOurs(name, schedule) && pausedByUs.get(name)?.key === key)) return 'alreadyApplied';
        throw new TargetChanged(`${name} is paused already, by somebody else.`);
      }
      if (to === 'active' && !isOurs(name, schedule)) throw new TargetChanged(`${name} was paused by somebody else.`);
      await beforeWrite?.();
      if (!dryRun) await write(name, to === 'suspended' ? 'pause' : 'resume', key);
      return 'applied';
    },
  };
}
