import type { AuditEntry } from '../incident/audit-entry.ts';
import type { Story } from './stories.ts';

/** Those in which something of the period is so. */
export function thoseWith(stories: readonly Story[], is: (entry: AuditEntry) => boolean): readonly Story[] {
  return stories.filter(({ within }) => within.some(is));
}

/** How an incident ended, if that was in the period. */
export function outcomeOf({ within }: Story): string | null {
  return within.find(({ step }) => step === 'Closed')?.outcome ?? null;
}

export function causeOf({ entries }: Pick<Story, 'entries'>): string | null {
  return entries.findLast(({ why }) => why !== undefined)?.why?.cause ?? null;
}

/** When it began, as any of its entries says. */
export function openedAtOf({ entries }: Pick<Story, 'entries'>): string | null {
  return entries.find(({ step }) => step === 'Opened')?.at ?? entries.find(({ openedAt }) => openedAt !== undefined)?.openedAt ?? null;
}

/** What every entry of an incident says, where one does. */
export function saidOf<K extends 'failureType' | 'mode' | 'runbook' | 'target' | 'alert'>(
  { entries }: Pick<Story, 'entries'>,
  key: K,
): AuditEntry[K] {
  return entries.find((entry) => entry[key] !== undefined)?.[key];
}

/** Remedies that go back to what was before. */
export const ROLLBACKS: readonly string[] = ['rollBackModel', 'undoRelease', 'undoPolicy'];
