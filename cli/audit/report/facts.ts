import type { Verified } from '../../../clients/audit/verify.ts';
import type { CodeVersion } from '../../../incident/audit-line.ts';
import { type Act, actsOf } from '../../../reporting/acts.ts';
import { thoseWith } from '../../../reporting/said.ts';
import type { Command, Story, Told } from '../../../reporting/stories.ts';
import type { PeriodRead } from './read-period.ts';

/** All that a report is made of. */
export interface Facts {
  readonly verified: Verified;
  readonly notUnderstood: number;
  /** Which code wrote what is of the period. */
  readonly codes: readonly CodeVersion[];
  readonly stories: readonly Story[];
  readonly commands: readonly Command[];
  readonly demotions: Told['demotions'];
  readonly acts: readonly Act[];
  /** Incidents that were opened, and that ended, in the period. */
  readonly opened: readonly Story[];
  readonly closed: readonly Story[];
}

export function factsOf({ verified, notUnderstood, codes }: PeriodRead, { stories, commands, demotions }: Told): Facts {
  return {
    ...{ verified, notUnderstood, codes, stories, commands, demotions, acts: actsOf(stories) },
    opened: thoseWith(stories, ({ step }) => step === 'Opened'),
    closed: thoseWith(stories, ({ step }) => step === 'Closed'),
  };
}
