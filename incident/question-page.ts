import type { ApprovalRequest } from './approval.ts';
import { pageOf } from './page.ts';
import { targetText } from './target.ts';

/** A question to people, on one page: why it is asked, what would be done, what would follow, how to answer and until when. */
export function questionPage({ incident, target, diagnosis, proposal, reason, nextStep, briefing = [] }: ApprovalRequest): string {
  const { id, plan, expiresAt, options, consequences } = proposal;
  const following = consequences ? [...consequences.diff, consequences.blastRadius, consequences.undo, consequences.why] : [];
  return pageOf(`${targetText(target)} in cluster ${target.cluster}`, incident, [
    ['Why you are asked', [reason]],
    [`What would be done (plan ${id}, until ${expiresAt})`, options ? options.map(({ name, does }) => `${name}: ${does}`) : [plan]],
    ['What would follow', following.filter((line) => line !== '')],
    ['What is wrong', diagnosis ? [`${diagnosis.cause}, ${diagnosis.confidence} (rule ${diagnosis.rule}).`, ...diagnosis.reasons] : []],
    ['What to know', briefing],
    ['How to answer', [nextStep]],
  ]);
}
