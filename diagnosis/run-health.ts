import { type PipelineEvidence, type PipelineRun, partsWord, runName, usualGapMs } from '../incident/pipeline.ts';
import type { PipelineKind } from '../incident/target.ts';
import type { Verdict } from '../incident/verdict.ts';

/** A schedule is missed once so many of its usual gaps have passed without a run; a weekend is three of a working day's. */
const GAPS_MISSED = 4;

/** Health of what runs to an end: its newest run completed, and none has been due since for long. */
export function runHealth(evidence: PipelineEvidence): Verdict {
  const [newest] = evidence.runs;
  if (!newest) return { kind: 'notRecovered', seen: 'it has not run yet' };
  const missed = newest.state === 'completed' && isOverdue(evidence) ? ', and none has begun since, though more were due' : '';
  return {
    kind: newest.state === 'completed' && missed === '' ? 'recovered' : 'notRecovered',
    seen: `${runText(evidence.kind, newest)}${missed}`,
  };
}

/** Its schedule is on, and nothing has run for far longer than usual. */
export function isOverdue({ schedule, runs, readAtMs }: PipelineEvidence): boolean {
  const gapMs = usualGapMs(runs);
  if (schedule === null || schedule.lastMs === null || schedule.suspendedBy !== null || gapMs === null) return false;
  const lastMs = Math.max(schedule.lastMs, ...runs.map(({ createdMs }) => createdMs));
  return readAtMs - lastMs > GAPS_MISSED * gapMs;
}

/** A run and how it stands, as people read it. */
export function runText(kind: PipelineKind, run: PipelineRun): string {
  const { state, reason, succeeded, failed } = run;
  const counts = [succeeded > 0 ? `${succeeded} ${partsWord(kind)} succeeded` : '', failed > 0 ? `${failed} failed` : ''];
  const counted = counts.filter(Boolean).join(', ');
  const stands = state === 'completed' || state === 'failed' ? state : state === 'stopped' ? 'was stopped' : `is ${state}`;
  return `${runName(kind, run)} ${stands}${reason ? ` (${reason})` : ''}${counted ? `: ${counted}` : ''}`;
}
