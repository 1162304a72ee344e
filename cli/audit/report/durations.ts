import { openedAtOf } from './facts.ts';
import { figure } from './figures.ts';
import type { Piece } from './page.ts';
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

/** The middle one and the longest, with links to all. */
export function spread(durations: readonly Duration[]): Piece {
  if (durations.length === 0) return 'none in this period';
  const sorted = durations.map(({ ms }) => ms).sort((one, other) => one - other);
  const middle = (sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.ceil((sorted.length - 1) / 2)]!) / 2;
  const value = `median ${lengthText(middle)}, longest ${lengthText(sorted.at(-1)!)}, of ${sorted.length}`;
  return figure(
    value,
    durations.map(({ story }) => story),
  );
}

/** A clock that was set meanwhile may make it negative, which says nothing. */
function duration(story: Story, fromMs: number, toMs: number): Duration[] {
  return toMs >= fromMs ? [{ story, ms: toMs - fromMs }] : [];
}

function lengthText(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${(seconds / 3_600).toFixed(1)} h`;
  return `${(seconds / 86_400).toFixed(1)} days`;
}
