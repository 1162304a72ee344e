import { type Demotion, EMPTY_LEDGER, type Freeze, type Ledger } from './ledger.ts';

const OUTCOMES: readonly unknown[] = ['recovered', 'ineffective', 'failed', 'worse', 'inconclusive', 'unused', null];

type Check = (value: unknown) => boolean;
type Shape<T> = { readonly [field in keyof T]-?: Check };

/**
 * A record as it was handed on, or one that is marked as lost: what is malformed or missing counts as every limit reached, never as
 * nothing done. Freezes and demotions that can be read stay.
 */
export function soundOrLost(carried: unknown, nowMs: number): Ledger {
  if (isSound(carried)) return carried;
  const listed = (name: 'freezes' | 'demotions') => (isRecord(carried) && Array.isArray(carried[name]) ? carried[name] : []);
  const freezes = listed('freezes').flatMap((one) => stillFrozen(one, nowMs));
  return { ...EMPTY_LEDGER, latestMs: nowMs, freezes, demotions: listed('demotions').filter(isDemotion), lostMs: nowMs };
}

/** A stop holds as long as it can be told what it is for; who called it and why may be lost. */
function stillFrozen(freeze: unknown, nowMs: number): readonly Freeze[] {
  if (!isStop(freeze)) return [];
  const { namespace, runbook, untilMs } = freeze;
  const { by, reason, sinceMs } = { ...{ by: 'a person', reason: '', sinceMs: nowMs }, ...(isFreeze(freeze) ? freeze : {}) };
  return [{ namespace, runbook, by, reason, sinceMs, untilMs }];
}

const isText: Check = (value) => typeof value === 'string';
const isTextOrNull: Check = (value) => value === null || typeof value === 'string';
const isFlag: Check = (value) => typeof value === 'boolean';
/** Later ones cannot be written as a date. */
const TIME_MAX_MS = Date.UTC(9999, 0);
const isTime: Check = (value) => typeof value === 'number' && value >= 0 && value <= TIME_MAX_MS;
const isTimeOrNull: Check = (value) => value === null || isTime(value);
const isListOf =
  (isOne: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(isOne);

function shaped<T>(shape: Shape<T>): (value: unknown) => value is T {
  const checks = Object.entries<Check>(shape);
  return (value): value is T => isRecord(value) && checks.every(([field, check]) => check(value[field]));
}

const run = { incident: isText, run: isText };
const isSuspect = shaped<Ledger['storms'][number]['suspect']>({ kind: isText, name: isText });
const isRollback = shaped<NonNullable<Ledger['acts'][number]['rollback']>>({
  subject: isText,
  from: isText,
  to: isText,
  toIsQuarantined: isFlag,
  promotedMs: (value) => value === undefined || isTimeOrNull(value),
});

const isAct = shaped<Ledger['acts'][number]>({
  ...run,
  ...{ id: isText, runbook: isText, remedy: isText, isApproved: isFlag, namespace: isText, target: isText },
  ...{ rollback: (value) => value === null || isRollback(value), nodes: isListOf(isText) },
  ...{ grantedMs: isTime, actedMs: isTimeOrNull, endedMs: isTimeOrNull, relapsedMs: isTimeOrNull },
  outcome: (value) => OUTCOMES.includes(value),
});

const isActThatEnds: Check = (value) => isAct(value) && (value.outcome === null) === (value.endedMs === null);

const stop = { namespace: isTextOrNull, runbook: isTextOrNull, untilMs: isTimeOrNull };
const isStop = shaped<Pick<Freeze, keyof typeof stop>>(stop);
const isFreeze = shaped<Freeze>({ ...stop, by: isText, reason: isText, sinceMs: isTime });

const isDemotion = shaped<Demotion>({
  ...{ runbook: isText, remedy: isTextOrNull, namespace: isTextOrNull },
  ...{ why: isText, atMs: isTime },
});

const isStorm = shaped<Ledger['storms'][number]>({
  ...{ suspect: isSuspect, sinceMs: isTime, lastJoinedMs: isTime, targets: isListOf(isText), targetCount: isTime },
  limit: shaped<Ledger['storms'][number]['limit']>({ targets: isTime, withinSeconds: isTime }),
});

const isFailure = shaped<Ledger['failures'][number]>({
  ...run,
  ...{ target: isText, suspects: isListOf(isSuspect), atMs: isTime, isOpen: isFlag },
});

const isSound = shaped<Ledger>({
  latestMs: isTime,
  acts: isListOf(isActThatEnds),
  holds: isListOf(shaped<Ledger['holds'][number]>({ ...run, targets: isListOf(isText), sinceMs: isTime })),
  failures: isListOf(isFailure),
  storms: isListOf(isStorm),
  freezes: isListOf(isFreeze),
  demotions: isListOf(isDemotion),
  resets: isListOf(shaped<Ledger['resets'][number]>({ of: isText, by: isText, atMs: isTime })),
  sightings: isListOf(shaped<Ledger['sightings'][number]>({ of: isText, count: isTime, atMs: isTime })),
  heartbeats: (value) => isRecord(value) && Object.values(value).every(isTime),
  layers: isListOf(shaped<Ledger['layers'][number]>({ from: isText, limits: isRecord })),
  refusals: isListOf(
    shaped<Ledger['refusals'][number]>({
      ...{ incident: isText, guard: isText, reason: isText },
      ...{ retryAtMs: isTimeOrNull, atMs: isTime },
    }),
  ),
  lostMs: isTimeOrNull,
});

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
