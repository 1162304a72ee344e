import type { PipelineEvidence } from '../incident/pipeline.ts';
import { type Planned, unusable } from './planned.ts';

/** Keeps a schedule from starting it again until a person has mended what its runs fail by. */
export function pauseSchedule({ kind, name, schedule }: PipelineEvidence): Planned {
  if (schedule === null) return unusable(`${kind} ${name} has no schedule; it does not run again by itself.`);
  if (schedule.suspendedBy !== null) return unusable(`The schedule of ${name} is suspended already.`);
  return {
    kind: 'change',
    change: { kind: 'schedule', from: 'active', to: 'suspended' },
    why: `Its next run, by ${schedule.cron}, would fail the same way.`,
  };
}
