import { openedAtOf } from './said.ts';
import type { Story } from './stories.ts';

/** How long something took in an incident. */
export interface Duration {
  readonly story: Story;
  readonly ms: number;
}

const DECISIONS: readonly string[] = ['Approved', 'Rejected', 'Decided', 'HandedOn'];

/** From when its source saw the failure begin to when the incident was opened, for incidents that were opened in the period. */
export function timesToDetect(stories: readonly Story[]): readonly Duration[] {
  return stories.flatMap((story) => {
    const opened = story.within.find(({ step }) => step === 'Opened');
    const since = Date.parse(opened?.alert?.since ?? '');
    return opened && Number.isFinite(since) ? duration(story, since, Date.parse(opened.at)) : [];
  });
}

/** From when an incident was opened to the last verdict that its target is well again or contained, if that was in the period. */
export function timesToMitigate(stories: readonly Story[]): readonly Duration[] {
  return stories.flatMap((story) => {
    const openedAt = openedAtOf(story);
    const verdict = story.within.findLast(({ step }) => step === 'Verified');
    const isMitigated = verdict?.result?.kind === 'recovered' || verdict?.result?.kind === 'contained';
    return openedAt !== null && verdict && isMitigated ? duration(story, Date.parse(openedAt), Date.parse(verdict.at)) : [];
  });
}

/** From a question to what a person said to it in the period. */
export function timesToDecide(stories: readonly Story[]): readonly Duration[] {
  return stories.flatMap((story) =>
    story.within
      .filter(({ step, who }) => DECISIONS.includes(step) && who !== undefined)
      .flatMap(({ at, plan }) => {
        const asked = story.entries.find((entry) => entry.step === 'Asked' && plan !== undefined && entry.plan === plan);
        return asked ? duration(story, Date.parse(asked.at), Date.parse(at)) : [];
      }),
  );
}

/** A clock that was set meanwhile may make it negative, which says nothing. */
function duration(story: Story, fromMs: number, toMs: number): Duration[] {
  return toMs >= fromMs ? [{ story, ms: toMs - fromMs }] : [];
}
