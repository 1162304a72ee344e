import { changeText } from './change.ts';
import type { Diagnosis } from './diagnosis.ts';
import type { Action } from './plan.ts';
import type { Escalation } from './report.ts';
import { targetText } from './target.ts';
import { verdictText } from './verdict.ts';

/** What a person is told, on one page: what is wrong and how sure that is, what else it could be, what was tried, what to do. */
export function pageText(told: Omit<Escalation, 'page' | 'run'>): string {
  const { incident, target, diagnosis, actions, reason, nextStep, commands, briefing = [] } = told;
  const sections: readonly (readonly [string, readonly string[]])[] = [
    ['Why you are told', [reason]],
    ['What is wrong', diagnosis ? [causeText(diagnosis), ...diagnosis.reasons] : []],
    ['What to know', briefing],
    ['What else it could be', othersOf(diagnosis)],
    ['What was tried', diagnosis || actions.length > 0 ? triedText(actions) : []],
    ['What to do next', [nextStep]],
    ['Commands', commands],
  ];
  return pageOf(target === null ? incident : `${targetText(target)} in cluster ${target.cluster}`, incident, sections);
}

/** A page of plain text: a title, headings with their lines, and the incident's name. A heading without a line is left out. */
export function pageOf(title: string, incident: string, sections: readonly (readonly [string, readonly string[]])[]): string {
  const text = sections
    .filter(([, lines]) => lines.length > 0)
    .map(([heading, lines]) => [lineText(heading).trim(), ...lines.map(lineText)].join('\n'));
  return [lineText(title).trim(), ...text, `Incident ${lineText(incident).trim()}`].join('\n\n');
}

/** Other causes that fit what was seen, each as the end of a sentence. */
export function othersOf(diagnosis: Diagnosis | null): string[] {
  // An incident that began under an earlier release knows of none.
  return (diagnosis?.others ?? []).map(({ cause, confidence, reason }) => `${cause} (${confidence}): ${reason}`);
}

function causeText({ cause, confidence, rule }: Diagnosis): string {
  return `${cause}, ${confidence} (rule ${rule}).`;
}

function triedText(actions: readonly Action[]): string[] {
  if (actions.length === 0) return ['Nothing was changed.'];
  return actions.map(({ remedy, change, actedAt, verdict, undone }) => {
    const { before, after } = changeText(change);
    const end = verdict === null ? 'no verdict' : verdictText(verdict);
    return `${actedAt} ${remedy}: ${before} → ${after}; ${end}${undone ? '; taken back' : ''}`;
  });
}

/** One line, whatever stands in it. */
function lineText(text: string): string {
  return `  ${text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')}`;
}
