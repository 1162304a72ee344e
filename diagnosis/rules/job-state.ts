import { type PipelineEvidence, runName, usualMs } from '../../incident/pipeline.ts';
import { isOutsideKind } from '../../incident/target.ts';
import { failedRun } from '../failed-run.ts';
import type { Rule } from '../rule.ts';
import { isOverdue, runText } from '../run-health.ts';

type JobRule = Rule<PipelineEvidence>;

/** A run that takes so many times as long as usual has come to a halt. */
const USUAL_FACTOR = 4;
/** Nothing is stuck that has not been under way for so long. */
const STUCK_MS_MIN = 10 * 60_000;
/** Warnings of the CronJob controller that it does not start what is due. */
const NOT_STARTED = ['MissSchedule', 'TooManyMissedTimes', 'FailedNeedsStart', 'FailedCreate', 'InvalidSchedule', 'UnparseableSchedule'];

/** What a person, or a queue, holds back or has ended is not started by anybody else. */
export const heldByPerson: JobRule = ({ kind, schedule, runs: [newest] }) => {
  if (schedule?.suspendedBy === 'person')
    return { cause: 'held-by-person', confidence: 'certain', reason: 'Its schedule is suspended, and not by Paramedic.' };
  if (newest?.state !== 'suspended' && newest?.state !== 'stopped') return null;
  const how = newest.state === 'stopped' ? 'was stopped by somebody' : 'is suspended';
  return { cause: 'held-by-person', confidence: 'certain', reason: `${runName(kind, newest)} ${how}.` };
};

/** Its system ended it, and its pods went with it, so that nothing else is known of why it took so long. */
export const deadlineExceeded: JobRule = (evidence) => {
  const failed = failedRun(evidence);
  if (failed?.run.reason !== 'DeadlineExceeded') return null;
  return {
    cause: 'deadline-exceeded',
    confidence: 'certain',
    reason: `${runName(evidence.kind, failed.run)} was ended at its deadline.`,
  };
};

/** Under way, and either nothing of it runs, or it runs for far longer than such runs do. */
export const stuck: JobRule = ({ kind, runs, pods, readAtMs }) => {
  const [newest] = runs;
  if (newest?.state !== 'running') return null;
  const sinceMs = readAtMs - (newest.startedMs ?? newest.createdMs);
  if (sinceMs < STUCK_MS_MIN) return null;
  const minutes = Math.round(sinceMs / 60_000);
  const name = runName(kind, newest);
  const isIdle = isOutsideKind(kind) ? newest.active === 0 : !pods.some(({ phase }) => phase === 'Running');
  if (isIdle) return { cause: 'stuck', confidence: 'likely', reason: `${name} is under way for ${minutes} min, and nothing of it runs.` };
  const usual = usualMs(runs);
  if (usual === null || sinceMs < USUAL_FACTOR * usual) return null;
  return {
    cause: 'stuck',
    confidence: 'possible',
    reason: `${name} runs for ${minutes} min; such a run usually takes ${Math.max(1, Math.round(usual / 60_000))}.`,
  };
};

/** The controller says so, or nothing was begun for far longer than usual. */
export const missedSchedule: JobRule = (evidence, { events }) => {
  if (evidence.schedule === null) return null;
  const isOwn = ({ about, reason }: { readonly about: string; readonly reason: string }) =>
    about === `${evidence.kind}/${evidence.name}` && NOT_STARTED.includes(reason);
  const said = events.kind === 'read' ? events.value.find(isOwn) : undefined;
  if (!isOverdue(evidence) && (!said || evidence.runs.length > 0)) return null;
  const why = said ? ` Its controller says ${said.reason}: ${said.message}` : '';
  return {
    cause: 'missed-schedule',
    confidence: said ? 'certain' : 'possible',
    reason: `It is due by its schedule (${evidence.schedule.cron}), and no run begins.${why}`,
  };
};

/** Not ill: what runs within its usual time is waited for, and so is what its own Job still repeats. */
export const stillRunning: JobRule = ({ kind, runs: [newest] }) =>
  newest?.state === 'running' ? { cause: 'still-running', confidence: 'likely', reason: `${runText(kind, newest)}.` } : null;
