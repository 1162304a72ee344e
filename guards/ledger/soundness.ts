import { type Act, EMPTY_LEDGER, type Ledger } from './ledger.ts';

const OUTCOMES: readonly unknown[] = ['recovered', 'ineffective', 'failed', 'inconclusive', 'unused', null];

/**
 * A record as it was handed on, or one that is marked as lost: what is malformed or missing counts as every limit reached, never as
 * nothing done. Freezes that can be read stay.
 */
export function soundOrLost(carried: unknown, nowMs: number): Ledger {
  if (isSound(carried)) return carried;
  const freezes = isRecord(carried) && Array.isArray(carried.freezes) ? carried.freezes.filter(isFreeze) : [];
  return { ...EMPTY_LEDGER, latestMs: nowMs, freezes, lostMs: nowMs };
}

function isSound(carried: unknown): carried is Ledger {
  if (!isRecord(carried)) return false;
  const lists = ['acts', 'holds', 'failures', 'storms', 'freezes', 'resets', 'sightings', 'layers', 'refusals'];
  if (!lists.every((list) => Array.isArray(carried[list]) && (carried[list] as unknown[]).every(isRecord))) return false;
  const { latestMs, lostMs, acts, freezes, heartbeats } = carried as Readonly<Record<string, unknown>> & Pick<Ledger, 'acts' | 'freezes'>;
  if (!isTime(latestMs) || !isTimeOrNull(lostMs) || !isRecord(heartbeats)) return false;
  return acts.every(isAct) && freezes.every(isFreeze) && Object.values(heartbeats).every(isTime);
}

function isAct(act: Act): boolean {
  const texts = [act.id, act.incident, act.run, act.runbook, act.remedy, act.namespace, act.target];
  const times = [act.actedMs, act.endedMs, act.relapsedMs];
  const ended = act.outcome === null || isTime(act.endedMs);
  return (
    texts.every((text) => typeof text === 'string') &&
    isTime(act.grantedMs) &&
    times.every(isTimeOrNull) &&
    OUTCOMES.includes(act.outcome) &&
    ended
  );
}

function isFreeze(freeze: unknown): boolean {
  return isRecord(freeze) && isTime(freeze.sinceMs) && isTimeOrNull(freeze.untilMs) && isScope(freeze.namespace) && isScope(freeze.runbook);
}

function isScope(name: unknown): boolean {
  return name === null || typeof name === 'string';
}

function isTime(value: unknown): value is number {
  return Number.isFinite(value) && (value as number) >= 0;
}

function isTimeOrNull(value: unknown): boolean {
  return value === null || isTime(value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
