import type { DecisionDesk } from '../clients/decision-desk.ts';
import type { Person } from '../incident/person.ts';

/** What strangers try is written down, but they do not fill the audit trail. */
const NOTED_MAX = 20;
const PER_MS = 60_000;

/** Has refusals written down that come before it is known whether anybody may decide; past so many a minute they are in the log alone. */
export function openRefusalNotes(desk: () => DecisionDesk | null): (incident: string, who: Person, why: string) => Promise<void> {
  let noted: readonly number[] = [];
  return async (incident, who, why) => {
    const nowMs = Date.now();
    noted = noted.filter((atMs) => nowMs - atMs < PER_MS);
    if (noted.length >= NOTED_MAX) return;
    noted = [...noted, nowMs];
    await desk()?.noteRefusal(incident, who, why);
  };
}
