import { isBelow, type Severity } from '../../incident/severity.ts';
import type { FreezeWindow } from '../limits.ts';
import { inForceUntil, isKnownZone } from './calendar.ts';

/** When nobody is woken for what can wait. */
export interface QuietHours extends Omit<FreezeWindow & { kind: 'weekly' }, 'kind' | 'reason'> {
  /** What is less severe waits. */
  readonly below: Severity;
}

/** From when on something of this severity may be told, epoch milliseconds: now, or once the quiet hours are over. */
export function mayTellFrom(hours: QuietHours | null, severity: Severity, nowMs: number): number {
  // Rather woken than not told: a zone that is not known here is quiet never.
  if (hours === null || !isBelow(severity, hours.below) || !isKnownZone(hours.timezone)) return nowMs;
  return inForceUntil({ ...hours, kind: 'weekly', reason: '' }, nowMs) ?? nowMs;
}

/**
 * When a level is to be told, epoch milliseconds. Where the quiet hours put off the beginning, they put off what waits by as much, so that
 * levels keep their distance.
 */
export function levelDue(
  hours: QuietHours | null,
  { severity, afterSeconds }: { readonly severity: Severity; readonly afterSeconds: number },
  beganMs: number,
): number {
  return mayTellFrom(hours, severity, mayTellFrom(hours, severity, beganMs) + afterSeconds * 1000);
}
