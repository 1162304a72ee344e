import type { AuditEntry } from '../incident/audit-entry.ts';
import type { Story } from './stories.ts';

/** One thing that was changed, or was to be, as the trail tells it. */
export interface Act {
  readonly story: Story;
  readonly remedy: string;
  readonly before: string;
  readonly after: string;
  readonly permit: string | null;
  readonly why: AuditEntry['why'];
  readonly hasRunbookVersion: boolean;
  /** `unknown`: whether it was made is not known. */
  readonly made: 'made' | 'notMade' | 'unknown';
  /** Null: there is none in the trail. */
  readonly verdict: string | null;
  readonly takenBack: 'yes' | 'no' | 'failed';
}

/** What was changed in the period, or was to be: one act for each key that is about to be used in it. */
export function actsOf(stories: readonly Story[]): readonly Act[] {
  return stories.flatMap((story) =>
    story.within
      .filter(({ step }) => step === 'Acting')
      .map((acting) =>
        actOf(
          story,
          acting,
          story.entries.filter(({ key }) => key !== undefined && key === acting.key),
        ),
      ),
  );
}

function actOf(story: Story, acting: AuditEntry, own: readonly AuditEntry[]): Act {
  const resultOf = (step: AuditEntry['step']) => own.find((entry) => entry.step === step)?.result?.kind ?? null;
  const has = (step: AuditEntry['step']) => own.some((entry) => entry.step === step);
  return {
    story,
    remedy: acting.remedy ?? 'not said',
    before: acting.before ?? '',
    after: acting.after ?? '',
    permit: acting.permit ?? null,
    why: acting.why,
    hasRunbookVersion: acting.runbook?.version !== undefined,
    made: has('NotActed') ? 'notMade' : resultOf('Acted') === 'done' ? 'made' : 'unknown',
    verdict: resultOf('Verified'),
    takenBack: has('Undone') ? 'yes' : has('NotUndone') ? 'failed' : 'no',
  };
}
