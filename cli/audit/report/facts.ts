import type { Verified } from '../../../clients/audit/verify.ts';
import type { AuditLine } from '../../../incident/audit-line.ts';
import { type Act, actsOf } from './acts.ts';
import type { PeriodRead } from './read-period.ts';
import type { Command, Story, Told } from './stories.ts';

/** All that a report is made of. */
export interface Facts {
  readonly verified: Verified;
  readonly notUnderstood: number;
  readonly stories: readonly Story[];
  readonly commands: readonly Command[];
  readonly acts: readonly Act[];
  /** Incidents that were opened, and that ended, in the period. */
  readonly opened: readonly Story[];
  readonly closed: readonly Story[];
}

export function factsOf({ verified, notUnderstood }: PeriodRead, { stories, commands }: Told): Facts {
  return {
    ...{ verified, notUnderstood, stories, commands, acts: actsOf(stories) },
    opened: thoseWith(stories, ({ step }) => step === 'Opened'),
    closed: thoseWith(stories, ({ step }) => step === 'Closed'),
  };
}

/** Those in which something of the period is so. */
export function thoseWith(stories: readonly Story[], is: (entry: AuditLine) => boolean): readonly Story[] {
  return stories.filter(({ within }) => within.some(is));
}

/** How an incident ended, if that was in the period. */
export function outcomeOf({ within }: Story): string | null {
  return within.find(({ step }) => step === 'Closed')?.outcome ?? null;
}

export function causeOf({ entries }: Story): string | null {
  return entries.findLast(({ why }) => why !== undefined)?.why?.cause ?? null;
}

/** When it began, as any of its entries says. */
export function openedAtOf({ entries }: Story): string | null {
  return entries.find(({ step }) => step === 'Opened')?.at ?? entries.find(({ openedAt }) => openedAt !== undefined)?.openedAt ?? null;
}

/** What every entry of an incident says, where one does. */
export function saidOf<K extends 'failureType' | 'mode' | 'runbook' | 'target' | 'alert'>({ entries }: Story, key: K): AuditLine[K] {
  return entries.find((entry) => entry[key] !== undefined)?.[key];
}

/** Remedies that go back to what was before. */
export const ROLLBACKS: readonly string[] = ['rollBackModel', 'undoRelease', 'undoPolicy'];
