import type { Step, Timeline } from './timeline.ts';
import type { Waits } from './without-waits.ts';

/** A step as people read it, in one line. */
export function stepText(step: Step): string {
  switch (step.kind) {
    case 'found':
      return `cause ${step.cause}, by the rule ${step.rule}: ${step.why}`;
    case 'planned':
      return `plan ${step.remedy}: ${step.before} → ${step.after}`;
    case 'asked':
      return `asks a person: ${step.what}`;
    case 'answered':
      return `answer: ${step.answer}${step.why === '' ? '' : `: ${step.why}`}`;
    case 'refused':
      return `refused by the guard ${step.guard}: ${step.why}`;
    case 'acted':
      return `${step.remedy}: ${step.result}${step.why === '' ? '' : `: ${step.why}`}`;
    case 'verified':
      return `verdict on ${step.remedy}: ${step.verdict}: ${step.why}`;
    case 'takenBack':
      return `${step.remedy} ${step.result === 'taken back' ? 'is' : 'is not'} taken back`;
    case 'reclassified':
      return step.why;
    case 'escalated':
      return `a person is needed: ${step.why}`;
    case 'closed':
      return `closed as ${step.outcome}: ${step.why}`;
    case 'notTaken':
      return step.why;
    case 'stopped':
      return step.why;
    default:
      return step satisfies never;
  }
}

/** The steps, a line each, with what would have been waited for between them. @param waits null: nothing is known of that */
export function timelineLines(timeline: Timeline, waits: Waits | null): readonly string[] {
  let attempts = 0;
  const lines = timeline.flatMap((step) => {
    const line = stepText(step);
    if (waits === null) return [line];
    if (step.kind === 'acted' && step.result === 'done') {
      const backoff = attempts++ === 0 ? 0 : (waits.backoff[attempts - 2] ?? 0);
      return [...(backoff > 0 ? [waited(`${backoff} s before another attempt`)] : []), line];
    }
    if (step.kind === 'verified') return [waited(`until it is well for ${waits.stable} s, for ${waits.verify} s at most`), line];
    if (step.kind === 'answered') return [waited(`for an answer, for ${waits.answer} s at most`), line];
    return [line];
  });
  const isTaken = timeline.some(({ kind }) => kind !== 'notTaken');
  return waits !== null && waits.settle > 0 && isTaken ? [waited(`${waits.settle} s to heal by itself`), ...lines] : lines;
}

function waited(what: string): string {
  return `(not waited: ${what})`;
}
