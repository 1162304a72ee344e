import type { CauseKind } from '../cause.ts';
import type { PeopleDid } from '../people-did.ts';
import type { RemedyName } from '../remedy.ts';
import { type TargetKind, targetText } from '../target.ts';
import type { Judgement, Lesson } from './lesson.ts';
import { ACTS_MAX, type Experience, INCIDENTS_MAX, type Remembered, ROWS_MAX, TARGETS_MAX, TIMES_MAX } from './record.ts';
import { agedRow, type Counts, emptyRow, isSameKey, type Measured, type Row, type RowKey, sumOf, worthOf } from './row.ts';

/** Less than this is as good as nothing. */
const FORGOTTEN = 0.01;
/** So many times the window of a relapse it is looked whether a target fails again, so that a window that is too short is seen. */
const RETURN_WINDOWS = 3;

/** What one incident adds to one row. */
interface Share extends RowKey {
  readonly counts: Partial<Counts>;
  readonly recoverySeconds: number | null;
  readonly returnSeconds: number | null;
}

/** Enters what an incident teaches. Pure; the same incident once more changes nothing. */
export function learned(experience: Experience, lesson: Lesson, nowMs: number): Experience {
  if (experience.incidents.some((one) => one.incident === lesson.incident && one.run === lesson.run)) return experience;
  const fresh: Remembered = {
    ...lesson,
    tried: lesson.tried.slice(0, ACTS_MAX),
    decisions: lesson.decisions.slice(0, ACTS_MAX),
    ...{ learnedMs: nowMs, returnedAfterSeconds: returnOf(lesson, experience.incidents), judgement: null },
  };
  const { incidents } = experience;
  const cure = incidents.find((one) => one.returnedAfterSeconds === null && returnOf(one, [fresh]) !== null);
  const before = cure ? replaced(experience, cure, { ...cure, returnedAfterSeconds: returnOf(cure, [fresh]) }, nowMs) : experience;
  return {
    rows: kept(withShares(before.rows, fresh, 1, nowMs), nowMs),
    incidents: [fresh, ...before.incidents].slice(0, INCIDENTS_MAX),
  };
}

/** Enters what a person says of an incident, in place of what was said of it before. Pure. @throws a sentence where it cannot be so */
export function judged(
  experience: Experience,
  of: { readonly incident: string; readonly run: string | null },
  judgement: Judgement,
): Experience {
  const { incident, run } = of;
  const found = experience.incidents.find((one) => one.incident === incident && (run === null || one.run === run));
  if (found === undefined)
    throw new Error(
      `Nothing was learned of an incident "${incident}"${run === null ? '' : ` in its run ${run}`}, or it is too long ago: it must have ended, and an act or a failure must have been seen in it.`,
    );
  const { remedy } = judgement;
  if (found.tried.length === 0) throw new Error(`Nothing was tried in "${incident}", so that there is nothing to say of it.`);
  const names = found.tried.map((one) => one.remedy);
  if (remedy !== null && !names.includes(remedy))
    throw new Error(`${remedy} was not tried in "${incident}": only ${[...new Set(names)].join(', ')} was.`);
  return replaced(experience, found, { ...found, judgement }, judgement.atMs);
}

/** Forgets what is known of a cause, a remedy, or of all of it; null stands for every one. What taught it teaches no more, whatever is said of it. */
export function forgotten({ rows, incidents }: Experience, cause: CauseKind | null, remedy: RemedyName | null): Experience {
  const isMeant = (one: Pick<RowKey, 'cause' | 'remedy'>) =>
    (cause === null || one.cause === cause) && (remedy === null || one.remedy === remedy);
  return {
    rows: rows.filter((row) => !isMeant(row)),
    incidents: incidents.map((one) => ({
      ...one,
      tried: one.tried.filter((act) => !isMeant({ ...act, cause: one.judgement?.cause ?? act.cause })),
      decisions: one.decisions.filter((decision) => !isMeant(decision)),
    })),
  };
}

/**
 * What was learned elsewhere on top of what is known. An incident that is remembered here and there counts once; what is older than all that
 * is remembered counts as often as it is merged.
 */
export function merged(known: Experience, other: Experience, nowMs: number): Experience {
  const isKnown = (one: Lesson) => known.incidents.some(({ incident, run }) => incident === one.incident && run === one.run);
  const fresh = other.incidents.filter((one) => isKnown(one)).reduce((rows, one) => withShares(rows, one, -1, nowMs), other.rows);
  const rows = fresh.reduce((all, row) => withRow(all, row, nowMs), known.rows);
  const incidents = [...known.incidents, ...other.incidents.filter((one) => !isKnown(one))];
  return {
    rows: kept(rows, nowMs),
    incidents: incidents.toSorted((one, two) => two.learnedMs - one.learnedMs).slice(0, INCIDENTS_MAX),
  };
}

function withRow(rows: readonly Row[], row: Row, nowMs: number): readonly Row[] {
  const before = rows.find((one) => isSameKey(one, row));
  if (before === undefined) return [...rows, row];
  const newest = (all: readonly Measured[]) => all.toSorted((one, other) => other.atMs - one.atMs).slice(0, TIMES_MAX);
  const [own, other] = [agedRow(before, nowMs), agedRow(row, nowMs)];
  const both: Row = {
    ...own,
    counts: sumOf(own.counts, other.counts, 1),
    recoveryTimes: newest([...own.recoveryTimes, ...other.recoveryTimes]),
    returnTimes: newest([...own.returnTimes, ...other.returnTimes]),
    targets: [...new Set([...own.targets, ...other.targets])].slice(0, TARGETS_MAX),
  };
  return rows.map((one) => (one === before ? both : one));
}

/** After what time a target failed again that had been cured; null where it did not, within some times the window of a relapse. */
function returnOf(cure: Lesson, others: readonly Lesson[]): number | null {
  const { curedMs, relapseSeconds } = cure;
  if (curedMs === null) return null;
  const after = others
    .filter((one) => one.run !== cure.run && targetText(one.target) === targetText(cure.target))
    .map(({ openedMs }) => (openedMs - curedMs) / 1000)
    .filter((seconds) => seconds >= 0 && seconds < RETURN_WINDOWS * relapseSeconds);
  return after.length === 0 ? null : Math.min(...after);
}

function replaced({ rows, incidents }: Experience, before: Remembered, after: Remembered, nowMs: number): Experience {
  return {
    rows: kept(withShares(withShares(rows, before, -1, nowMs), after, 1, nowMs), nowMs),
    incidents: incidents.map((one) => (one === before ? after : one)),
  };
}

/** What an incident adds: credit for a cure goes to the one act after which the target recovered. */
function sharesOf({
  tried,
  decisions,
  observed,
  target: { kind },
  returnedAfterSeconds,
  relapseSeconds,
  judgement,
}: Remembered): readonly Share[] {
  const acts = tried.map(({ cause, remedy, end, seconds, isFirst: wasFirst }): Share => {
    const isMeant = judgement !== null && (judgement.remedy === null || judgement.remedy === remedy);
    const isWrong = isMeant && judgement.says === 'wrong';
    const isRight = isMeant && judgement.says === 'right';
    const isSeen = end === 'recovered' || end === 'failed' || end === 'worse';
    const recovered = end === 'recovered' && !isWrong;
    const returned = recovered ? returnedAfterSeconds : null;
    const relapsed = returned !== null && returned < relapseSeconds;
    const isFirst = wasFirst && isSeen;
    return {
      ...{ cause: judgement?.cause ?? cause, remedy, kind },
      counts: {
        ...{ tries: isSeen ? 1 : 0, recoveries: recovered ? 1 : 0, relapses: relapsed ? 1 : 0, worse: end === 'worse' ? 1 : 0 },
        ...{ unknown: isSeen ? 0 : 1, late: end === 'late' ? 1 : 0 },
        ...{ firstTries: isFirst ? 1 : 0, firstCures: isFirst && recovered && !relapsed ? 1 : 0 },
        ...{ right: isRight && end === 'recovered' ? 1 : 0, wrong: isWrong ? 1 : 0 },
      },
      recoverySeconds: recovered ? seconds : null,
      returnSeconds: returned,
    };
  });
  const said = decisions.map(
    ({ cause, remedy, answer }): Share => ({
      ...{ cause, remedy, kind, counts: { [answer]: 1 }, recoverySeconds: null, returnSeconds: null },
    }),
  );
  return [...acts, ...said, ...seenIn(observed, kind)];
}

const DID: Readonly<Record<Exclude<PeopleDid, 'unseen'>, keyof Counts>> = { same: 'didSame', other: 'didOther', nothing: 'didNothing' };

function seenIn(observed: Lesson['observed'], kind: TargetKind): readonly Share[] {
  if (observed === null || observed.did === 'unseen') return [];
  const { cause, remedy, did } = observed;
  return [{ ...{ cause, remedy, kind }, counts: { [DID[did]]: 1 }, recoverySeconds: null, returnSeconds: null }];
}

/** @param times 1: they are entered; -1: they are taken back, by what they are still worth */
function withShares(rows: readonly Row[], of: Remembered, times: 1 | -1, nowMs: number): readonly Row[] {
  return sharesOf(of).reduce((all, share) => withShare(all, share, of, times, nowMs), rows);
}

function withShare(rows: readonly Row[], share: Share, of: Remembered, times: 1 | -1, nowMs: number): readonly Row[] {
  const before = rows.find((row) => isSameKey(row, share));
  const aged = agedRow(before ?? emptyRow(share, nowMs), nowMs);
  const row: Row = {
    ...aged,
    counts: sumOf(aged.counts, share.counts, times * worthOf(of.learnedMs, nowMs)),
    recoveryTimes: withTime(aged.recoveryTimes, share.recoverySeconds, of.learnedMs, times),
    returnTimes: withTime(aged.returnTimes, share.returnSeconds, of.learnedMs, times),
    targets: withTarget(aged.targets, targetText(of.target), times),
  };
  return before ? rows.map((one) => (one === before ? row : one)) : [row, ...rows];
}

function withTime(all: readonly Measured[], seconds: number | null, atMs: number, times: 1 | -1): readonly Measured[] {
  if (seconds === null) return all;
  if (times === 1) return [{ atMs, seconds }, ...all].slice(0, TIMES_MAX);
  const found = all.find((one) => one.atMs === atMs && one.seconds === seconds);
  return all.filter((one) => one !== found);
}

/** That something was tried on a target stays true, whatever is said of it. */
function withTarget(all: readonly string[], target: string, times: 1 | -1): readonly string[] {
  return times === -1 ? all : [target, ...all.filter((one) => one !== target)].slice(0, TARGETS_MAX);
}

/** Rows in which there is still something, at most so many. */
function kept(rows: readonly Row[], nowMs: number): readonly Row[] {
  const weights = new Map(rows.map((row) => [row, weightOf(agedRow(row, nowMs))]));
  const some = rows.filter((row) => weights.get(row)! >= FORGOTTEN);
  if (some.length <= ROWS_MAX) return some;
  const heaviest = new Set(some.toSorted((one, other) => weights.get(other)! - weights.get(one)!).slice(0, ROWS_MAX));
  return some.filter((row) => heaviest.has(row));
}

function weightOf({ counts: { tries, unknown, approved, rejected, didSame, didOther, didNothing } }: Row): number {
  return tries + unknown + approved + rejected + didSame + didOther + didNothing;
}
