import type { AuditEntry } from '../../../incident/audit-entry.ts';
import { personText } from '../../../incident/person.ts';
import type { Act } from '../../../reporting/acts.ts';
import { paragraph, type Section } from '../../../reporting/page/page.ts';
import { causeOf, openedAtOf, outcomeOf, saidOf } from '../../../reporting/said.ts';
import type { Story } from '../../../reporting/stories.ts';
import { versionName } from './framework.ts';

/** The page of a run in the Web UI; null where it is not known where that is. */
export type LinkTo = (workflowId: string, runId: string) => string | null;

/** What of an incident is told by its acts already. */
const TOLD_BY_ACTS: readonly AuditEntry['step'][] = ['Acting', 'Acted', 'NotActed', 'Verified', 'Undoing', 'Undone', 'NotUndone'];

/** One incident: what it was about, what was changed, and every other thing that was told of it in the period. */
export function incidentSection(story: Story, acts: readonly Act[], linkTo: LinkTo): Section {
  const url = story.run === null ? null : linkTo(story.id, story.run);
  const others = story.within.filter(({ step }) => !TOLD_BY_ACTS.includes(step));
  return {
    anchor: `incident-${story.number}`,
    title: `${story.number}: ${story.id}`,
    blocks: [
      paragraph(factsText(story), ...(url === null ? [] : [' ', { kind: 'link' as const, text: 'Its page in the Web UI', url }])),
      { kind: 'list', items: [...acts.map((act) => [actText(act)]), ...others.map((entry) => [entryText(entry)])] },
    ],
  };
}

function factsText(story: Story): string {
  const openedAt = openedAtOf(story);
  const closed = story.entries.find(({ step }) => step === 'Closed');
  const facts: readonly (string | undefined | false)[] = [
    saidOf(story, 'failureType'),
    `runbook ${versionName(saidOf(story, 'runbook'))}`,
    `mode ${saidOf(story, 'mode') ?? 'not said'}`,
    `cause ${causeOf(story) ?? 'none named'}`,
    openedAt !== null && `opened ${openedAt}`,
    closed ? `ended ${closed.at}${outcomeOf(story) === null ? '' : ` as ${outcomeOf(story)}`}` : 'not ended, as far as the trail tells',
    ...(story.run === null ? [] : [`run ${story.run}`]),
  ];
  return `${facts.filter(Boolean).join('; ')}.`;
}

function actText({ remedy, before, after, permit, why, made, verdict, takenBack }: Act): string {
  const end = {
    made: verdict === null ? 'made, and no verdict is told' : `made, then ${verdict}`,
    notMade: 'not made',
    unknown: verdict === null ? 'whether it was made is not known' : `whether it was made is not known, then ${verdict}`,
  }[made];
  const back = { yes: '; taken back', failed: '; could not be taken back', no: '' }[takenBack];
  const because = why ? ` Why: ${why.cause} by the rule ${why.rule}. ${why.evidence.join(' ')}` : '';
  return `Change ${remedy}: ${before} → ${after}; ${end}${back}${permit === null ? '' : `; permit ${permit}`}.${because}`;
}

function entryText({ at, step, text, who }: AuditEntry): string {
  return `${at} ${step}${who ? ` by ${personText(who)}` : ''}: ${text}`;
}
